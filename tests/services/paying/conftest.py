"""Two people, and Telegram's side of Stars."""

import pytest

from db.database import Database
from tests.services.kit import STRANGER, USER, meet
from tests.services.stars import Telegram


@pytest.fixture
async def database(sound_ledger: Database) -> Database:
    await meet(sound_ledger, USER, STRANGER)
    return sound_ledger


@pytest.fixture
def telegram() -> Telegram:
    return Telegram()
