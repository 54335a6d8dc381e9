"""Updates are kept until they have been handled, and a repeat is nothing new."""

from datetime import timedelta
from functools import partial

from db import inbox
from db.database import Database
from db.inbox import Received
from services.domain.clock import now

LANE = 1001


def received(update_id: int, payload: str = "{}", *, urgent: bool = False) -> Received:
    return Received(update_id, LANE, is_urgent=urgent, payload=payload)


async def put(database: Database, *rows: Received) -> set[int]:
    return await database.at_once(partial(inbox.put, received=rows))


async def mark_handled(database: Database, *numbers: int) -> None:
    await database.at_once(partial(inbox.mark_handled, update_ids=numbers))


async def waiting(database: Database) -> list[Received]:
    async with database.transaction() as tx:
        return await tx.inbox.waiting()


async def test_what_is_put_waits_in_order_until_it_is_handled(database: Database) -> None:
    rows = [received(7, "seven"), received(3, "three", urgent=True), received(5, "five")]
    assert await put(database, *rows) == {3, 5, 7}
    assert await waiting(database) == sorted(rows, key=lambda row: row.update_id)
    async with database.transaction() as tx:
        assert await tx.inbox.payload(5) == "five"
    await mark_handled(database, 5, 3)
    assert await waiting(database) == [rows[0]]
    async with database.transaction() as tx:
        assert await tx.inbox.payload(5) is None
        assert await tx.inbox.touch([3, 5, 7]) == 1


async def test_a_repeat_is_not_new_whether_it_was_handled_or_waits(database: Database) -> None:
    await put(database, received(1), received(2))
    await mark_handled(database, 1)
    assert await put(database, received(1), received(2), received(3)) == {3}
    assert [row.update_id for row in await waiting(database)] == [2, 3]


async def test_another_update_with_a_known_number_is_new(database: Database) -> None:
    """After a week of silence Telegram goes on with any number."""
    await put(database, received(1, "old"))
    await mark_handled(database, 1)
    assert await put(database, received(1, "new")) == {1}
    assert [row.payload for row in await waiting(database)] == ["new"]


async def test_a_full_batch_is_one_statement_and_nothing_is_nothing(database: Database) -> None:
    assert await put(database) == set()
    assert await put(database, *(received(number) for number in range(100))) == set(range(100))


async def test_only_handled_numbers_are_forgotten(database: Database) -> None:
    await put(database, received(1), received(2))
    await mark_handled(database, 1)
    async with database.transaction() as tx:
        await tx.inbox.forget_handled(now() - timedelta(hours=1))
    assert await put(database, received(1)) == set()
    async with database.transaction() as tx:
        await tx.inbox.forget_handled(now() + timedelta(seconds=1))
    assert await put(database, received(1), received(2)) == {1}
