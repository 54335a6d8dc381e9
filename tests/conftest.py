"""Databases for the tests of every room: SQLite, and PostgreSQL where a test asks for it."""

import asyncio
import functools
import gc
import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from bot.lean_aiogram import import_aiogram
from db.database import Database
from db.migrate import migrate
from db.tables import Table
from tests.absent import absent
from tests.compared_once import compare_once, know_well, schema_of
from tests.made_once import made_once, made_once_folder
from tests.read_once import read_once

POSTGRES_URL = os.environ.get(
    "TEST_POSTGRES_URL", "postgresql+asyncpg://postgres@127.0.0.1:5432/postgres"
)
CONNECT_TIMEOUT_S = 5

T = TypeVar("T")

# As the bot does, before any test imports it.
import_aiogram()
read_once()
compare_once()


def pytest_configure(config: pytest.Config) -> None:
    """Let nobody look for garbage among what is collected, all of which stays."""
    gc.disable()
    stack = ExitStack()
    stack.enter_context(made_once_folder())
    config.add_cleanup(stack.close)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the files of end-to-end tests evenly among the others.

    Those wait for bots most of the time, and the others compute: side by side they use all of a
    machine, whichever part of the list a process is given.
    """
    parts: dict[bool, list[pytest.Item]] = {True: [], False: []}
    for item in items:
        parts[item.nodeid.startswith("tests/e2e/")].append(item)
    places: dict[Path, float] = {}
    for part in parts.values():
        for number, item in enumerate(part):
            places.setdefault(item.path, number / len(part))
    items.sort(key=lambda item: places[item.path])


def pytest_collection_finish() -> None:
    """Look for garbage seldom from now on, and not among the tests themselves.

    There are 600,000 objects by then, and going over them took a seventh of all time.
    """
    gc.freeze()
    gc.set_threshold(10_000)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Look for garbage once, where pytest and Python do so ten times before a process ends."""
    gc.collect()
    gc.freeze()


def run_apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a loop and thread of its own: session fixtures have no loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


async def on_postgres(*statements: str) -> None:
    engine = create_async_engine(
        POSTGRES_URL,
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": CONNECT_TIMEOUT_S},
    )
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.execute(text(statement))
    finally:
        await engine.dispose()


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[Callable[..., str]]:
    """Make PostgreSQL databases that vanish with the session, empty or as a template is."""
    try:
        run_apart(lambda: on_postgres("SELECT 1"))
    except (OSError, TimeoutError, SQLAlchemyError) as error:
        absent(f"PostgreSQL cannot be reached at {make_url(POSTGRES_URL).host}: {error}")
    made: list[str] = []

    def make(template: str = "template1") -> str:
        name = f"neurophoto_test_{secrets.token_hex(6)}"
        create = f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
        run_apart(lambda: on_postgres(create))
        made.append(name)
        return make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)

    yield make
    run_apart(lambda: on_postgres(*(f'DROP DATABASE "{name}" WITH (FORCE)' for name in made)))


_EMPTY = "; ".join(
    [
        # Of so few rows, deleting is faster than TRUNCATE, which makes new files.
        "SET LOCAL session_replication_role = replica",
        *(str(table.delete()) for table in Table.metadata.sorted_tables),
    ]
)


async def empty(database: Database) -> None:
    """Delete all rows, also those that triggers keep: for tests that share a database."""
    async with database.engine.begin() as connection:
        raw = await connection.get_raw_connection()
        assert raw.driver_connection is not None
        # All in one trip, which only asyncpg itself makes: not 55, each of which prepares.
        await raw.driver_connection.execute(_EMPTY)


_compiled: dict[str, Any] = {}
"""By the kind of database, an engine that has been connected."""


async def migrated(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()
    engine = database.engine.sync_engine
    _compiled[engine.dialect.name] = engine


async def _connected(url: str) -> None:
    database = Database(url)
    async with database.engine.connect():
        engine = database.engine.sync_engine
    await database.close()
    _compiled.setdefault(engine.dialect.name, engine)


def with_compiled(database: Database) -> Database:
    """Have a database use what others of its kind have compiled, as the one of a bot does.

    Each engine compiles every statement that it has not seen; tests have thousands of engines.
    """
    engine = database.engine.sync_engine
    if (known := _compiled.get(engine.dialect.name)) is not None:
        engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
    return database


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_databases: Callable[[], str]) -> str:
    """One for all tests of a process, each of which leaves it empty."""
    url = postgres_databases()
    run_apart(lambda: migrated(url))
    return url


@pytest.fixture(scope="session")
def postgres_copies(
    migrated_postgres_url: str, postgres_databases: Callable[..., str]
) -> Callable[[], str]:
    """Make migrated, empty databases, in a tenth of the time that migrating takes.

    Nobody may be connected to the one that is copied: tests have left it by their end.
    """
    return functools.partial(postgres_databases, make_url(migrated_postgres_url).database)


def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        run_apart(lambda: migrated(f"sqlite+aiosqlite:///{path}"))
        return path.read_bytes()


_migrated_once = made_once("template.db", _migrated_file)


@functools.cache
def sqlite_template() -> bytes:
    """A migrated SQLite file: copying it is faster than migrating for each test.

    It is made once a test run. A process that is forked, for a mutant each, has it already.
    """
    run_apart(lambda: _connected("sqlite+aiosqlite://"))
    template = _migrated_once()
    # Whoever has made it has compared it.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        path.write_bytes(template)
        know_well([schema_of(path)])
    return template


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())
    return f"sqlite+aiosqlite:///{path}"


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = with_compiled(Database(sqlite_url))
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def each_database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A migrated, empty database of either kind."""
    is_shared = request.param == "postgresql"
    url = request.getfixturevalue("migrated_postgres_url" if is_shared else "sqlite_url")
    database = with_compiled(Database(url))
    yield database
    if is_shared:
        await empty(database)
    await database.close()
