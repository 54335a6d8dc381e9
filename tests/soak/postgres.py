"""A PostgreSQL database for a soak, and what it holds as SQLite would show it."""

import asyncio
import os
import secrets
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

SERVER = os.environ.get(
    "TEST_POSTGRES_URL", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres"
)

T = TypeVar("T")


@contextmanager
def database_on_postgres() -> Iterator[str]:
    """Make an empty database for the length of a `with`; gives its URL."""
    name = f"neurophoto_soak_{secrets.token_hex(6)}"
    _run_apart(lambda: _execute(f'CREATE DATABASE "{name}"'))
    try:
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    finally:
        _run_apart(lambda: _execute(f'DROP DATABASE "{name}" WITH (FORCE)'))


def rows_of(url: str, query: str) -> list[dict[str, Any]]:
    """Return what a query finds, moments as SQLite keeps them."""
    return _run_apart(lambda: _rows(url, query))


def _run_apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


async def _execute(statement: str) -> None:
    engine = create_async_engine(SERVER, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(statement))


async def _rows(url: str, query: str) -> list[dict[str, Any]]:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await connection.execute(text(query))
        return [_plain(row) for row in found.mappings()]


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        str(name): value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        if isinstance(value, datetime)
        else value
        for name, value in row.items()
    }
