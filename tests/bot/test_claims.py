"""What replicas put into the shared inbox and bring from it, at moments that are hard to meet."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import pytest
from sqlalchemy import text

from bot.claims import Claims
from db.database import Database
from db.inbox import Received
from db.shared_inbox import put
from services.jobs.replica import Replica

pytestmark = pytest.mark.postgres

PATIENCE_S = 30.0
LANE = 1001
OTHER_LANE = 1002

LOCK_OF_LANE = f"28272, hashint8({LANE})"
LOCK_OF_COMMITS = "4711"
"""What commits of claims wait for, where a test has it so."""

HAVE_COMMITS_WAIT = (
    f"CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
    f" 'BEGIN PERFORM pg_advisory_xact_lock({LOCK_OF_COMMITS}); RETURN NULL; END'",
    "CREATE CONSTRAINT TRIGGER waits AFTER UPDATE OF owner ON inbox"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait()",
)
WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
    " WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
)


@pytest.fixture
async def database(postgres_copies: Callable[[], str]) -> AsyncIterator[Database]:
    database = Database(postgres_copies())
    yield database
    await database.close()


@pytest.fixture
async def replica(database: Database) -> AsyncIterator[Replica]:
    async with Replica(database) as replica:
        yield replica


def received(update_id: int, lane: int = LANE) -> Received:
    return Received(update_id, lane, is_urgent=False, payload=str(update_id))


class Handler:
    """A replica with room for many lanes; it notes what it is given to handle, in order."""

    def __init__(self, replica: Replica) -> None:
        self.queued: list[int] = []
        self.claims = Claims(replica, self._queue, lambda: 100, 1000)

    def _queue(self, rows: Sequence[Received]) -> None:
        self.queued += [row.update_id for row in rows]


async def put_elsewhere(database: Database, owner: int | None, *rows: Received) -> None:
    """Keep updates as another process does; a lane that nobody has goes to the owner."""
    for row in rows:
        await database.at_once(partial(put, received=[row], me=owner, room=1))


@asynccontextmanager
async def held(database: Database, lock: str) -> AsyncIterator[None]:
    """Hold a lock, and have what waits for it go on at the end."""
    async with database.engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({lock})"))
        yield


async def until_waiting(database: Database, wanted: int) -> None:
    """Wait until so many transactions wait for a lock that another one holds."""
    async with database.engine.connect() as connection, asyncio.timeout(PATIENCE_S):
        while await connection.scalar(WAITING) != wanted:  # noqa: ASYNC110  # locks have no event
            await asyncio.sleep(0.01)


async def test_a_repeat_that_is_put_during_a_look_does_not_let_the_next_update_overtake(
    database: Database, replica: Replica
) -> None:
    """A balancer that lost patience gives the update to the next replica, then goes on."""
    async with database.engine.begin() as connection:
        for statement in HAVE_COMMITS_WAIT:
            await connection.execute(text(statement))
    handler = Handler(replica)
    await put_elsewhere(database, replica.id, received(1), received(2))
    # What the look takes besides, so that its commit has something to wait for.
    await put_elsewhere(database, None, received(3, OTHER_LANE))
    async with asyncio.TaskGroup() as both, held(database, LOCK_OF_COMMITS):
        async with held(database, LOCK_OF_LANE):
            again = both.create_task(handler.claims.put([received(1)]))
            await until_waiting(database, 1)
            both.create_task(handler.claims.take_up())
            await until_waiting(database, 2)
        # The look ends last: it has read while the repeat was being put.
        await again
    async with asyncio.timeout(PATIENCE_S):
        while set(handler.queued) < {1, 2, 3}:
            await handler.claims.take_up()
    assert [number for number in handler.queued if number != 3] == [1, 2]
