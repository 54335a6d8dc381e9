"""Everything about the database is tested on both kinds of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from db.database import Database
from db.tables import User
from services.domain.vocabulary import Language
from tests.conftest import empty, with_compiled

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

USER = 1001
OTHER_USER = 2002


@pytest.fixture(params=KINDS)
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A migrated database with two users and nothing else."""
    kind = "sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    database = with_compiled(Database(request.getfixturevalue(kind)))
    async with database.transaction() as tx:
        tx._session.add_all([User(id=USER, language=Language.EN)])
        tx._session.add_all([User(id=OTHER_USER, language=Language.RU)])
    yield database
    if request.param == "postgresql":
        await empty(database)
    await database.close()


@pytest.fixture(scope="session")
def bare_postgres_url(postgres_databases: Callable[[], str]) -> str:
    return postgres_databases()


@asynccontextmanager
async def emptied_after(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    # Making a database takes PostgreSQL far longer than emptying one.
    async with database.engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await database.close()


@pytest.fixture
async def bare_postgres(bare_postgres_url: str) -> AsyncIterator[Database]:
    """A PostgreSQL database that no migration has touched."""
    async with emptied_after(bare_postgres_url) as database:
        yield database


@pytest.fixture(params=KINDS)
async def migrated_database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A migrated database of either kind that a test may spoil."""
    is_postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_copies" if is_postgres else "sqlite_url")
    database = Database(url() if is_postgres else url)
    yield database
    await database.close()


@pytest.fixture(params=KINDS)
async def empty_database(
    request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Database]:
    """A database of either kind that no migration has touched."""
    if request.param == "postgresql":
        async with emptied_after(request.getfixturevalue("bare_postgres_url")) as database:
            yield database
        return
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/empty/bot.db")
    yield database
    await database.close()
