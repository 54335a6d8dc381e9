"""Replicas share rows: each is carried by one of them, and by another when that one is dead."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import text

from db.claims import Claims
from db.database import Database, Transaction
from services.domain.states import TrainingState
from services.domain.trouble import DatabaseUnavailable, LeaseLost
from services.errors import UserUnreachable
from services.jobs import shared
from services.jobs.nursery import Nursery
from services.jobs.replica import Replica
from services.jobs.shared import CHANNEL, CLAIMED_AT_ONCE, EVERYBODY, SharedCarrier
from tests.services.jobs.test_replica import missing
from tests.services.jobs.test_two_processes import engines
from tests.services.kit import start_training

__all__ = ["engines"]

SHORT_LEASE_S = 1.0
PATIENCE_S = 30.0


class Process:
    """A replica that carries trainings: each step notes that it was made here, and then waits."""

    def __init__(self, database: Database, stack: AsyncExitStack, lease_s: float) -> None:
        self.database, self.stack = database, stack
        self.replica = Replica(database, lease_s)
        self.steps: defaultdict[str, int] = defaultdict(int)
        self.act: Callable[[str], Awaitable[float | None]] = self.wait_long
        self.claims: Callable[[Transaction], Claims] = lambda tx: tx.trainings.claims
        self.carrier: SharedCarrier

    async def wait_long(self, row_id: str) -> float | None:
        del row_id
        return 3600.0

    async def begin(self) -> "Process":
        await self.join()
        return await self.take_up()

    async def join(self) -> None:
        """Join, and hear from then on what others say."""
        hears = asyncio.Event()
        self.database.wakes.subscribe("test", lambda _: hears.set())
        await self.stack.enter_async_context(self.replica)
        if self.database.is_shared:
            # Who begins to hear looks for what nobody has, which might be a row just made.
            async with asyncio.timeout(PATIENCE_S):
                await hears.wait()

    async def take_up(self) -> "Process":
        nursery = await self.stack.enter_async_context(Nursery())
        self.carrier = SharedCarrier("training", nursery, self.replica, self.claims, self.step)
        await self.carrier.start()
        return self

    async def step(self, row_id: str) -> float | None:
        self.steps[row_id] += 1
        return await self.act(row_id)

    @property
    def taken(self) -> int:
        """How many steps were made here."""
        return sum(self.steps.values())

    async def stand_still(self) -> None:
        """Give no sign of life any more, and know nothing of it."""
        await self.replica._nursery.__aexit__()


class LostConnection:
    """Has the connection of a process be lost once, in a call of its claims.

    Attributes:
        is_due: Whether it is lost in the next such call.

    Args:
        call: `claim` or `release`.
        is_done: Whether it is committed all the same, so that only the answer is lost.
    """

    def __init__(self, call: str, *, is_done: bool) -> None:
        self.is_due = False
        self._call, self._is_done = call, is_done

    def claims(self, tx: Transaction) -> Claims:
        claims = tx.trainings.claims
        call = getattr(claims, self._call)

        async def cut_off(*given: Any) -> Any:  # noqa: ANN401  # as the call that it is
            answer = await call(*given)
            if not self.is_due:
                return answer
            self.is_due = False
            if self._is_done:
                await tx._session.commit()
            raise DatabaseUnavailable("the connection is lost")

        setattr(claims, self._call, cut_off)
        return claims


@pytest.fixture
async def stack() -> AsyncIterator[AsyncExitStack]:
    async with AsyncExitStack() as stack:
        yield stack


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110  # carriers have no events for tests
            await asyncio.sleep(0.01)


async def trainings(database: Database, count: int) -> list[str]:
    rows = [
        await start_training(database, photos=0, state=TrainingState.QUEUED, request_id="r")
        for _ in range(count)
    ]
    return [row.id for row in rows]


async def finish(database: Database, row_id: str) -> None:
    async with database.transaction() as tx:
        row = await tx.trainings.lock(row_id)
        assert row is not None
        row.state, row.is_settled = TrainingState.CANCELLED, True


async def owner_of(database: Database, row_id: str) -> int | None:
    async with database.transaction() as tx:
        row = await tx.trainings.get(row_id)
    assert row is not None
    return row.owner


async def test_a_claim_is_no_change_of_the_row(engines: tuple[Database, Database]) -> None:
    (row_id,) = await trainings(engines[0], 1)
    async with engines[0].transaction() as tx:
        me = await tx.replicas.join(60.0)
        before = await tx.trainings.get(row_id)
    async with engines[0].transaction() as tx:
        assert await tx.trainings.claims.claim(me, 10) == [row_id]
        assert await tx.trainings.claims.claim(me, 10) == []
        assert await tx.trainings.claims.claim(me, 10, [row_id, "gone"]) == [row_id]
        assert await tx.trainings.claims.held(me) == [row_id]
        assert await tx.trainings.claims.held(me + 1) == []
    async with engines[0].transaction() as tx:
        after = await tx.trainings.get(row_id)
        assert before is not None
        assert after is not None
        assert (after.owner, after.updated_at) == (me, before.updated_at)
        await tx.trainings.claims.release(me + 1, [row_id])
    assert await owner_of(engines[0], row_id) == me
    async with engines[0].transaction() as tx:
        await tx.trainings.claims.release(me, [row_id])
    assert await owner_of(engines[0], row_id) is None


async def test_what_is_there_and_what_comes_is_carried_to_its_end(
    engines: tuple[Database, Database], stack: AsyncExitStack
) -> None:
    database = engines[0]
    old = await trainings(database, 3)
    one = await Process(database, stack, 60.0).begin()
    await until(lambda: len(one.steps) == 3)
    (new,) = await trainings(database, 1)
    one.carrier.carry(new)
    await until(lambda: one.steps[new] >= 1)
    # Who has a database to itself writes no claims.
    owner = one.replica.id if database.is_shared else None
    assert await owner_of(database, new) == owner
    assert (len(one.carrier), one.carrier.taken_over) == (4, 3)

    async def end(row_id: str) -> float | None:
        await finish(database, row_id)
        return None

    one.act = end
    for row_id in (*old, new):
        one.carrier.carry(row_id)
    await until(lambda: not len(one.carrier))
    async with asyncio.timeout(PATIENCE_S):
        while await owner_of(database, new) is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    # One that is nudged while it is claimed is seen to once more.
    assert set(one.steps) == {*old, new}
    assert min(one.steps.values()) >= 2


async def test_a_row_with_nothing_left_is_seen_to_once_where_somebody_asks(
    engines: tuple[Database, Database], stack: AsyncExitStack
) -> None:
    database = engines[0]
    (row_id,) = await trainings(database, 1)
    await finish(database, row_id)
    one = Process(database, stack, 60.0)

    async def end(_row_id: str) -> float | None:
        return None

    one.act = end
    await one.begin()
    assert not one.steps
    one.carrier.carry(row_id)
    await until(lambda: one.steps[row_id] == 1 and not len(one.carrier))


@pytest.mark.parametrize("words", [EVERYBODY, ""])
async def test_a_row_whose_user_is_away_waits_until_somebody_returns(
    engines: tuple[Database, Database], stack: AsyncExitStack, words: str
) -> None:
    (row_id,) = await trainings(engines[0], 1)
    one = Process(engines[0], stack, 60.0)

    async def away(_row_id: str) -> float | None:
        raise UserUnreachable

    one.act = away
    await one.begin()
    await until(lambda: row_id in one.carrier._away)
    owner = one.replica.id if engines[0].is_shared else None
    assert await owner_of(engines[0], row_id) == owner
    assert len(one.carrier) == 1
    one.act = one.wait_long
    before = one.steps[row_id]
    # Whoever handles what the user wrote says so to all.
    async with engines[0].transaction() as tx:
        await tx.wake(CHANNEL, words)
    await until(lambda: one.steps[row_id] > before)


@pytest.fixture
async def two(request: pytest.FixtureRequest, stack: AsyncExitStack) -> tuple[Process, Process]:
    """Two processes on one PostgreSQL; more of their leases are short than a real one's."""
    url = request.getfixturevalue("migrated_postgres_url")
    processes = []
    for _ in range(2):
        database = Database(url)
        stack.push_async_callback(database.close)
        processes.append(Process(database, stack, SHORT_LEASE_S))
    one, other = processes

    async def empty() -> None:
        async with one.database.engine.begin() as connection:
            await connection.execute(text("TRUNCATE users, replicas CASCADE"))

    stack.push_async_callback(empty)
    return one, other


@pytest.mark.postgres
async def test_each_row_is_carried_by_one(two: tuple[Process, Process]) -> None:
    one, other = two
    rows = await trainings(one.database, 40)
    await asyncio.gather(one.begin(), other.begin())
    await until(lambda: len(one.steps) + len(other.steps) >= len(rows))
    assert sorted([*one.steps, *other.steps]) == sorted(rows)
    assert {*one.steps.values(), *other.steps.values()} == {1}


@pytest.mark.postgres
async def test_a_press_that_another_handles_reaches_the_owner(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    (row_id,) = await trainings(one.database, 1)
    await one.begin()
    await until(lambda: one.steps[row_id] == 1)
    await other.begin()
    other.carrier.carry(row_id)
    await until(lambda: one.steps[row_id] == 2)
    assert not other.steps[row_id]


@pytest.mark.postgres
async def test_a_new_row_is_carried_where_its_press_was_handled(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    for process in two:
        await process.join()
    # When somebody joins, the others look for what nobody has; that must not find the new row.
    await until(lambda: all(len(process.replica.live) == 2 for process in two))
    for process in two:
        await process.take_up()
    (row_id,) = await trainings(one.database, 1)
    other.carrier.carry(row_id)
    await until(lambda: other.steps[row_id] >= 1)
    assert not one.steps[row_id]


@pytest.mark.postgres
async def test_the_work_of_one_that_leaves_goes_on_at_once(two: tuple[Process, Process]) -> None:
    one, other = two
    rows = await trainings(one.database, 5)
    await one.begin()
    await until(lambda: len(one.steps) == 5)
    await other.begin()
    await one.carrier.drain()
    await one.stand_still()
    async with one.database.transaction() as tx:
        await tx.replicas.leave(one.replica.id)
        await tx.wake("replicas")
    await until(lambda: len(other.steps) == 5)
    assert sorted(other.steps) == sorted(rows)


@pytest.mark.postgres
async def test_the_work_of_a_dead_one_goes_on_elsewhere_and_its_late_writes_are_refused(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    may_write, refused = asyncio.Event(), asyncio.Event()

    async def write_late(row_id: str) -> float | None:
        await may_write.wait()
        try:
            await finish(one.database, row_id)
        except LeaseLost:
            refused.set()
            raise
        return None

    one.act = write_late
    (row_id,) = await trainings(one.database, 1)
    await one.begin()
    await until(lambda: one.steps[row_id] == 1)
    await other.begin()
    await one.stand_still()
    await until(lambda: other.steps[row_id] == 1)
    assert await owner_of(other.database, row_id) == other.replica.id
    may_write.set()
    async with asyncio.timeout(PATIENCE_S):
        await refused.wait()
    async with other.database.transaction() as tx:
        row = await tx.trainings.get(row_id)
    assert row is not None
    assert row.state is TrainingState.QUEUED
    await until(lambda: not len(one.carrier))


@pytest.mark.postgres
async def test_one_that_stood_still_joins_anew_and_takes_nothing_from_others(
    two: tuple[Process, Process],
) -> None:
    one, other = two
    rows = await trainings(one.database, 3)
    await one.begin()
    await until(lambda: len(one.steps) == 3)
    await other.begin()
    before = one.replica.id
    async with other.database.transaction() as tx:
        await tx.replicas.leave(before)
        await tx.wake("replicas")
    # Either may be the first to claim what was freed.
    await until(lambda: one.replica.id not in {0, before} and one.taken + other.taken > 3)
    for row_id in rows:
        one.carrier.carry(row_id)
    await until(lambda: len(one.carrier) + len(other.carrier) == 3)
    owners = {await owner_of(one.database, row_id) for row_id in rows}
    assert owners <= {one.replica.id, other.replica.id}


@pytest.mark.postgres
@pytest.mark.parametrize("is_done", [False, True], ids=["failed", "answer lost"])
@pytest.mark.parametrize("is_here", [False, True], ids=["elsewhere", "here"])
async def test_a_row_whose_release_was_cut_off_is_seen_to_where_somebody_asks(
    two: tuple[Process, Process], *, is_done: bool, is_here: bool
) -> None:
    one, other = two
    (row_id,) = await trainings(one.database, 1)
    lost = LostConnection("release", is_done=is_done)
    one.claims = lost.claims
    lost.is_due = True

    async def end(row_id: str) -> float | None:
        await finish(one.database, row_id)
        return None

    one.act = other.act = end
    await one.begin()
    await other.begin()
    await until(lambda: not lost.is_due)
    steps = one.taken + other.taken
    # Nothing is left to be done by now, so that no look for what is unfinished finds it.
    (one if is_here else other).carrier.carry(row_id)
    await until(lambda: one.taken + other.taken > steps)
    async with asyncio.timeout(PATIENCE_S):
        while await owner_of(one.database, row_id) is not None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await until(lambda: not len(one.carrier) and not len(other.carrier))


@pytest.mark.postgres
@pytest.mark.parametrize("is_done", [False, True], ids=["failed", "answer lost"])
async def test_a_row_whose_claim_was_cut_off_is_carried(
    two: tuple[Process, Process], *, is_done: bool
) -> None:
    one, _ = two
    lost = LostConnection("claim", is_done=is_done)
    one.claims = lost.claims
    await one.begin()
    (row_id,) = await trainings(one.database, 1)
    lost.is_due = True
    async with one.database.transaction() as tx:
        await tx.wake(CHANNEL)
    await until(lambda: one.steps[row_id] > 0)
    assert not lost.is_due


@pytest.mark.postgres
async def test_more_than_a_batch_is_claimed_at_a_start(two: tuple[Process, Process]) -> None:
    one, _ = two
    (row_id,) = await trainings(one.database, 1)
    count = CLAIMED_AT_ONCE + 10
    async with one.database.engine.begin() as connection:
        for number in range(count):
            await connection.execute(
                text(
                    "INSERT INTO deletions (id, user_id, chat_id, language, told_under_way,"
                    " created_at) VALUES (:id, 1, 1, 'en', 0, now())"
                ),
                {"id": f"d{number}"},
            )
    await one.stack.enter_async_context(one.replica)
    nursery = await one.stack.enter_async_context(Nursery())
    carrier = SharedCarrier(
        "deletion", nursery, one.replica, lambda tx: tx.deletions.claims, one.step
    )
    await carrier.start()
    assert len(carrier) == count
    async with one.database.engine.begin() as connection:
        await connection.execute(text("DELETE FROM deletions"))
    assert row_id not in carrier._owners


@pytest.mark.postgres
@pytest.mark.parametrize("engines", ["postgresql"], indirect=True)
async def test_rows_are_claimed_again_after_a_failure_that_nobody_has_foreseen(
    engines: tuple[Database, Database],
    stack: AsyncExitStack,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(shared, "SWEEP_S", 0.1)
    process = await Process(engines[0], stack, 600.0).begin()
    async with missing(engines[1], "trainings"):
        await until(lambda: "background task training claims failed" in caplog.text)
    await trainings(engines[1], 1)
    await until(lambda: process.taken == 1)
    assert caplog.text.count("background task training claims failed and goes on") == 1
