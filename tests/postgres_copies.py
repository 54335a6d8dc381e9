"""Migrated PostgreSQL databases for tests that need one alone."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import make_url

from tests.conftest import on_postgres, run_apart


@contextmanager
def copies_of(url: str) -> Iterator[Callable[[], str]]:
    """Make copies of a database, which takes a tenth of the time of migrating another.

    Args:
        url: Of one that all tests share. Nobody may be connected to it while it is copied: they
            have left it by their end.
    """
    source = make_url(url)
    made: list[str] = []

    def make() -> str:
        name = f"neurophoto_test_{secrets.token_hex(6)}"
        copy = f'CREATE DATABASE "{name}" TEMPLATE "{source.database}"'
        run_apart(lambda: on_postgres(copy))
        made.append(name)
        return source.set(database=name).render_as_string(hide_password=False)

    yield make
    run_apart(lambda: on_postgres(*(f'DROP DATABASE "{name}" WITH (FORCE)' for name in made)))
