"""A database that cannot work now is told apart from a statement that is wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ProgrammingError

from db.database import Database
from services.domain.trouble import DatabaseUnavailable
from tests.conftest import on_postgres

pytestmark = pytest.mark.postgres


@pytest.fixture
def url(postgres_copies: Callable[[], str]) -> str:
    return postgres_copies()


@pytest.fixture
async def shared(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


async def cut(url: str, *statements: str) -> None:
    """Change the database by statements with `{}` for its name, and end all connections to it."""
    name = make_url(url).database
    await on_postgres(
        *(statement.format(f'"{name}"') for statement in statements),
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",  # noqa: S608  # made here
    )


async def write(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.replicas.leave(await tx.replicas.join(1.0))


async def until_it_writes(database: Database) -> None:
    async with asyncio.timeout(10.0):
        while True:
            try:
                return await write(database)
            except DatabaseUnavailable:
                await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("close", "open_again"),
    [
        (
            "ALTER DATABASE {} SET default_transaction_read_only = on",
            "ALTER DATABASE {} RESET default_transaction_read_only",
        ),
        ("ALTER DATABASE {} ALLOW_CONNECTIONS false", "ALTER DATABASE {} ALLOW_CONNECTIONS true"),
    ],
    ids=["only reads", "takes no connections"],
)
async def test_a_database_that_is_closed_for_a_while_is_unavailable_meanwhile(
    url: str, shared: Database, close: str, open_again: str
) -> None:
    await write(shared)
    await cut(url, close)
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable):
            await write(shared)
    await cut(url, open_again)
    await until_it_writes(shared)


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.set(username="nobody_here"),
        lambda url: url.set(database="nothing_here"),
    ],
    ids=["no such role", "no such database"],
)
async def test_whatever_keeps_from_connecting_is_unavailable(
    url: str, change: Callable[[URL], URL]
) -> None:
    database = Database(change(make_url(url)).render_as_string(hide_password=False))
    with pytest.raises(DatabaseUnavailable):
        await database.ping()
    await database.close()


async def test_a_statement_that_is_wrong_is_a_bug(shared: Database) -> None:
    async with shared.engine.connect() as connection:
        with pytest.raises(ProgrammingError):
            await connection.exec_driver_sql("SELECT * FROM nothing_here")
