"""What `/readyz` says of the bot."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.outside import Outside
from bot.refusals import Refusals
from db.database import Database
from services.health import DOWN_AFTER, Health
from services.jobs.replica import Replica


def outside(replica: Replica, refusals: Refusals, health: Health | None = None) -> Outside:
    nothing: Any = None
    health = health or Health("Telegram")
    return Outside(nothing, replica, nothing, nothing, (), health, refusals, None, None, nothing)


@pytest.mark.postgres
async def test_an_overdue_lease_is_a_trouble(postgres_copies: Callable[[], str]) -> None:
    moment_s = 0.0
    database = Database(postgres_copies())
    async with Replica(database, 600.0, lambda: moment_s) as replica:
        asked = outside(replica, Refusals(Health("Telegram")))
        assert await asked._troubles(None) == []
        moment_s = 601.0
        assert await asked._troubles(None) == ["the lease of this replica is overdue"]
    await database.close()


async def test_an_outage_of_telegram_is_a_trouble(database: Database) -> None:
    async with Replica(database) as replica:
        health = Health("Telegram")
        asked = outside(replica, Refusals(health), health)
        for _ in range(DOWN_AFTER):
            health.failed("TelegramNetworkError")
        assert await asked._troubles(None) == ["Telegram does not answer"]
