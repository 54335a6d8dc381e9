"""Several processes on one database send each message once, and go on for one that dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack

import pytest

from db.database import Database
from services.domain.webhooks import AddressNews
from services.jobs.lanes import Lane
from services.jobs.nursery import Nursery
from services.jobs.replica import Replica
from services.jobs.shared import SharedCarrier
from services.webhooks.leaving import CHANNEL, leave_event
from services.webhooks.post import Post
from services.webhooks.sending import Sending
from services.webhooks.service import Webhooks
from tests.conftest import empty
from tests.receiver import Receiver
from tests.services.kit import USER, meet

COUNT = 30
SHORT_LEASE_S = 1.0
LOCAL = frozenset({"127.0.0.1"})


class News:
    async def tell(self, user_id: int, news: AddressNews, host: str) -> None:
        del user_id, news, host


class Process:
    """A replica that sends messages."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.replica = Replica(database, SHORT_LEASE_S)

    async def begin(self, stack: AsyncExitStack) -> "Process":
        await stack.enter_async_context(self.replica)
        nursery = await stack.enter_async_context(Nursery())
        post = await stack.enter_async_context(Post(LOCAL))
        sending = Sending(self.database, post, News(), Lane(8, 8))
        carrier = SharedCarrier(
            "webhook", nursery, self.replica, lambda tx: tx.webhooks.claims, sending.step
        )
        self.database.wakes.subscribe(CHANNEL, lambda one: carrier.carry(one) if one else None)
        await carrier.start()
        return self

    async def dies(self) -> None:
        """Give no sign of life any more."""
        await self.replica._nursery.__aexit__()


@pytest.fixture
async def engines(migrated_postgres_url: str) -> AsyncIterator[Sequence[Database]]:
    """One PostgreSQL database, as two processes have it open."""
    databases = [Database(migrated_postgres_url) for _ in range(2)]
    yield databases
    await empty(databases[0])
    for database in databases:
        await database.close()


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def leave(database: Database, url: str, count: int) -> None:
    await meet(database, USER)
    async with Post(LOCAL) as post:
        await Webhooks(database, post).put(USER, url)

    async def nothing() -> dict[str, object]:
        return {}

    for _ in range(count):
        async with database.transaction() as tx:
            await leave_event(tx, USER, "generation.completed", nothing)


async def settled(database: Database) -> None:
    async with asyncio.timeout(60):
        while True:
            async with database.transaction() as tx:
                if not await tx.webhooks.claims.unfinished():
                    return
            await asyncio.sleep(0.05)


@pytest.mark.postgres
async def test_two_processes_send_each_message_once(
    engines: Sequence[Database], stack: AsyncExitStack, receiver: Receiver
) -> None:
    for database in engines:
        await Process(database).begin(stack)
    receiver.pause_s = 0.02
    await leave(engines[0], receiver.url, COUNT)
    await settled(engines[1])
    ids = [one.id for one in receiver.sent]
    assert (len(ids), len(set(ids))) == (COUNT, COUNT)


@pytest.mark.postgres
async def test_what_a_dead_process_had_in_hand_is_sent_by_another(
    engines: Sequence[Database], stack: AsyncExitStack, receiver: Receiver
) -> None:
    dying = await Process(engines[0]).begin(stack)
    receiver.pause_s = 3600
    await leave(engines[0], receiver.url, 2)
    await receiver.until(2)
    await dying.dies()
    receiver.pause_s = 0
    await Process(engines[1]).begin(stack)
    await settled(engines[1])
    first, second = {one.id for one in receiver.sent[:2]}, {one.id for one in receiver.sent[2:]}
    assert first == second
