"""Several replicas handle the updates of one inbox, each user's in order and by one at a time."""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from aiogram import Bot
from sqlalchemy.exc import ProgrammingError

from bot import claims
from db.database import Database
from services.domain.trouble import LeaseLost
from services.domain.vocabulary import Language
from tests.bot.intake_kit import OTHER, QUICK, Handle, Listener, a_message, hang, left
from tests.sandbox.telegram.clients import USER
from tests.services.jobs.test_replica import missing

pytestmark = pytest.mark.postgres

PATIENCE_S = 60.0


@pytest.fixture
def url(postgres_copies: Callable[[], str]) -> str:
    return postgres_copies()


class Fleet:
    """Replicas as processes of their own would be: nothing is shared but the database."""

    def __init__(self, url: str, bot: Bot, stack: AsyncExitStack) -> None:
        self._url = url
        self._bot = bot
        self._stack = stack
        self.told = asyncio.Condition()

    async def start(
        self, then: Handle | None = None, at_once: int = 100, lease_s: float = 20.0
    ) -> Listener:
        database = Database(self._url)
        self._stack.push_async_callback(database.close)
        bounds = replace(QUICK, at_once=at_once)
        listener = Listener(database, self._bot, then, bounds, lease_s)
        await self._stack.enter_async_context(listener.replica)
        await self._stack.enter_async_context(listener.intake)
        return listener


@pytest.fixture
async def fleet(url: str, bot: Bot) -> AsyncIterator[Fleet]:
    async with AsyncExitStack() as stack:
        yield Fleet(url, bot, stack)


@pytest.fixture
async def looker(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    yield database
    await database.close()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110  # a replica has no event for tests
            await asyncio.sleep(0.01)


async def until_left(database: Database, numbers: list[int]) -> None:
    """Wait until only these are not handled: that is written down a moment after the end."""
    async with asyncio.timeout(PATIENCE_S):
        while await left(database) != numbers:  # noqa: ASYNC110  # rows have no event
            await asyncio.sleep(0.05)


async def test_whoever_is_given_an_update_it_is_handled_in_order_and_by_one_at_a_time(
    fleet: Fleet, looker: Database
) -> None:
    handled: dict[str, list[int]] = defaultdict(list)
    chance = random.Random(7)  # noqa: S311  # no secret
    at_work: set[str] = set()

    async def then(text: str) -> None:
        user, number = text.split()
        assert user not in at_work
        at_work.add(user)
        await asyncio.sleep(chance.uniform(0, 0.005))
        handled[user].append(int(number))
        at_work.remove(user)

    replicas = [await fleet.start(then, at_once=3) for _ in range(3)]
    number = 0
    for _ in range(20):
        batches: list[list[dict[str, object]]] = [[], [], []]
        for user in range(8):
            # Telegram gives an update of a user when it has got rid of the one before.
            number += 1
            batches[chance.randrange(3)].append(a_message(number, f"{user} {number}", user + 1))
        await asyncio.gather(
            *(
                one.intake.take(batch)
                for one, batch in zip(replicas, batches, strict=True)
                if batch
            )
        )
    await until_left(looker, [])
    assert all(numbers == sorted(numbers) for numbers in handled.values())
    assert sum(len(numbers) for numbers in handled.values()) == number
    assert all(one.heard for one in replicas)


async def test_what_one_has_no_room_for_is_handled_by_another(
    fleet: Fleet, looker: Database
) -> None:
    busy, idle = await fleet.start(hang, at_once=1), await fleet.start()
    batch = [a_message(1, "busy"), a_message(2, "busy too"), a_message(3, "free", OTHER)]
    await busy.intake.take(batch)
    await busy.hears("busy")
    await idle.ends("free")
    assert idle.heard == ["free"], "what waits behind a handler is not for others"
    await until_left(looker, [1, 2])


async def test_a_replica_that_leaves_has_others_go_on_at_once(
    fleet: Fleet, looker: Database
) -> None:
    leaving, staying = await fleet.start(hang), await fleet.start()
    await leaving.intake.take([a_message(1, "cut off"), a_message(2, "next")])
    await leaving.hears("cut off")
    await leaving.intake.__aexit__()
    await staying.ends("cut off", "next")
    assert staying.heard == ["cut off", "next"]
    await until_left(looker, [])


async def test_what_a_dead_replica_had_goes_on_elsewhere_in_order(
    fleet: Fleet, looker: Database
) -> None:
    dying, other = await fleet.start(hang, lease_s=1.0), await fleet.start(lease_s=1.0)
    await dying.intake.take([a_message(1, "one"), a_message(2, "two")])
    await dying.hears("one")
    await dying.die()
    for task in dying.replica._nursery._tasks:
        task.cancel()
    await other.intake.take([a_message(3, "three")])
    assert other.heard == []
    await other.ends("one", "two", "three")
    assert other.heard == ["one", "two", "three"]
    await until_left(looker, [])


async def test_a_replica_that_was_taken_for_dead_writes_nothing_more(
    fleet: Fleet, looker: Database
) -> None:
    go_on = asyncio.Event()
    refused: list[str] = []

    async def late(text: str) -> None:
        await go_on.wait()
        try:
            async with stopped.replica.database.transaction() as tx:
                await tx.users.meet(USER, Language.RU)
        except LeaseLost:
            refused.append(text)
            raise

    stopped = await fleet.start(late)
    before = stopped.replica.id
    await stopped.intake.take([a_message(1, "one"), a_message(2, "two")])
    await stopped.hears("one")
    # It stands still, and is not told: else it might have its updates again before the other one.
    await stopped.replica._nursery.__aexit__()
    async with looker.transaction() as tx:
        await tx.replicas.leave(before)
    other = await fleet.start()
    await other.ends("one", "two")
    go_on.set()
    await until(lambda: refused == ["one"])
    async with looker.transaction() as tx:
        assert await tx.users.get(USER) is None
    assert stopped.ended == []
    await until_left(looker, [])
    # It works again, under another number.
    stopped.replica._nursery.start(stopped.replica._keep(), name="lease")
    await until(lambda: stopped.replica.id > before)
    await other.intake.__aexit__()
    await stopped.intake.take([a_message(3, "three")])
    await stopped.ends("three")


async def test_the_inbox_is_looked_at_again_after_a_failure_that_nobody_has_foreseen(
    fleet: Fleet,
    looker: Database,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(claims, "LOOK_EVERY_S", 0.1)
    freed, end = asyncio.Event(), asyncio.Event()

    async def wait(text: str) -> None:
        if text == "first":
            freed.set()
            await end.wait()

    one, other = await fleet.start(wait), await fleet.start()
    await one.intake.take([a_message(1, "first")])
    await freed.wait()
    async with missing(looker, "inbox"):
        await until(lambda: caplog.text.count("background task claims failed") == 2)
        with pytest.raises(ProgrammingError):
            await other.intake.take([a_message(2, "lost")])
        end.set()
        await until(lambda: "note of what is handled failed" in caplog.text)
    await other.intake.take([a_message(3, "second")])
    await one.hears("second")
    await until_left(looker, [])
