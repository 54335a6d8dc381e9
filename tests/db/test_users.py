"""Users, locked while something of theirs is decided."""

import asyncio

import pytest

from db.database import Database
from services.domain.vocabulary import Language
from services.domain.webhooks import Webhook
from tests.conftest import empty
from tests.db.conftest import USER


@pytest.mark.postgres
async def test_rows_can_refer_to_a_user_whom_another_transaction_has_locked(
    migrated_postgres_url: str,
) -> None:
    database = Database(migrated_postgres_url)
    async with database.transaction() as tx:
        await tx.users.meet(USER, Language.EN)
    webhook = Webhook(user_id=USER, url="https://example.org/", secret="s")
    async with database.transaction() as holder:
        await holder.users.lock(USER)
        async with asyncio.timeout(20), database.transaction() as tx:
            await tx.webhooks.put(webhook)
    async with database.transaction() as tx:
        assert await tx.webhooks.of(USER) == webhook
    await empty(database)
    await database.close()
