"""Webhooks are tested on both kinds of database."""

from collections.abc import AsyncIterator

import pytest

from db.database import Database
from tests.conftest import empty
from tests.receiver import Receiver, receiving


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    kind = "sqlite_url" if request.param == "sqlite" else "migrated_postgres_url"
    database = Database(request.getfixturevalue(kind))
    yield database
    if request.param == "postgresql":
        await empty(database)
    await database.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running
