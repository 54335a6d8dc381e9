"""Several processes on one database: who is there, and what becomes of one that stood still."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from db.database import Database
from services.domain.trouble import LeaseLost
from services.jobs.replica import Replica

PATIENCE_S = 10.0
LEASE_S = 0.8


@pytest.fixture(scope="module")
def url(postgres_copies: Callable[[], str]) -> str:
    return postgres_copies()


@pytest.fixture
async def shared(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not condition():  # noqa: ASYNC110  # a condition has no event
            await asyncio.sleep(0.01)


async def test_on_sqlite_a_process_is_alone_and_its_lease_has_no_end(database: Database) -> None:
    async with Replica(database, clock=lambda: 0.0) as replica:
        assert replica.is_eldest
        await replica.check(replica.id)
    async with database.transaction() as tx:
        assert await tx.replicas.all() == []


@pytest.mark.postgres
async def test_replicas_see_each_other_come_and_go(shared: Database) -> None:
    # Leases so long that only wake-ups can tell in time.
    async with Replica(shared, 600.0) as first, Replica(shared, 600.0) as second:
        await until(lambda: len(first.live) == 2)
        assert first.live == second.live == (first.id, second.id)
        assert (first.is_eldest, second.is_eldest) == (True, False)
        async with Replica(shared, 600.0):
            await until(lambda: len(first.live) == len(second.live) == 3)
        await until(lambda: len(first.live) == len(second.live) == 2)


class Stopped:
    """A process that stands still: its leases are not renewed, and its clock goes on."""

    def __init__(self, database: Database) -> None:
        self.now_s = 0.0
        self.replica = Replica(database, 600.0, lambda: self.now_s)
        self.dropped: list[int] = []
        self.replica.on_lost(self._drop)

    async def _drop(self) -> None:
        self.dropped.append(self.replica.id)

    def wake(self) -> None:
        self.now_s += 1000.0


@pytest.mark.postgres
async def test_one_that_stood_still_drops_its_work_and_joins_again(shared: Database) -> None:
    stopped = Stopped(shared)
    async with stopped.replica as replica:
        before = replica.id
        await replica.check(before)
        async with shared.transaction() as tx:
            await tx.replicas.leave(before)
        stopped.wake()
        with pytest.raises(LeaseLost):
            await replica.check(before)
        await until(lambda: replica.id > before)
        await replica.check(replica.id)
        assert stopped.dropped == [0]


@pytest.mark.postgres
async def test_one_that_stood_still_unnoticed_goes_on(shared: Database) -> None:
    stopped = Stopped(shared)
    async with stopped.replica as replica:
        before = replica.id
        stopped.wake()
        await replica.check(before)
        assert replica.id == before
        assert not stopped.dropped


@pytest.mark.postgres
async def test_the_work_of_one_that_beats_no_more_is_free_soon(shared: Database) -> None:
    async with shared.transaction() as tx:
        dead = await tx.replicas.join(LEASE_S)
    async with Replica(shared, LEASE_S) as replica:
        await until(lambda: replica.live == (replica.id,))
        assert replica.id > dead


@asynccontextmanager
async def missing(database: Database, table: str) -> AsyncIterator[None]:
    """Have every statement about a table fail meanwhile, with a code that is no passing one."""
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_away")
    yield
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql(f"ALTER TABLE {table}_away RENAME TO {table}")


@pytest.mark.postgres
async def test_a_lease_is_renewed_again_after_a_failure_that_nobody_has_foreseen(
    shared: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with Replica(shared, LEASE_S) as replica:
        assert replica.is_sure
        async with missing(shared, "replicas"):
            await until(lambda: not replica.is_sure)
        await until(lambda: replica.is_sure)
    assert caplog.text.count("background task lease failed and goes on") == 1
