"""A ledger that every test leaves in order."""

from collections.abc import AsyncIterator

import pytest

from db.database import Database
from tests.services.money.ledger_alone import broken


@pytest.fixture
async def sound_ledger(each_database: Database) -> AsyncIterator[Database]:
    """A migrated database of each kind, whose ledger is in order at the end of every test."""
    yield each_database
    async with each_database.transaction() as tx:
        found = await broken(tx)
    assert found == {}
