"""Three bots on one PostgreSQL database, behind a balancer that Telegram and fal push to."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tests.e2e.crowd import PATIENCE_S, WANTED, answered, heard_in_order, some_answer, write_much
from tests.e2e.driver import NEVER, Person, Sandbox, eventually, text_of
from tests.e2e.killing import let_hang
from tests.e2e.processes import Process, complaints_in, start_bot
from tests.e2e.replicas import Balancer, replica_process

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(400)]

REPLICAS = 3
PEOPLE = 9
MOST_TRAININGS = 36
"""Chance has left a replica without one of 18."""


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def balancer() -> Iterator[Balancer]:
    balancer = Balancer(REPLICAS)
    with balancer.running():
        yield balancer


@pytest.fixture(scope="module")
def database_url(postgres_databases: Callable[[], str]) -> str:
    return postgres_databases()


@pytest.fixture(scope="module")
def bots(
    server: str,
    balancer: Balancer,
    database_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[list[Process]]:
    bots = [
        replica_process(server, tmp_path_factory.mktemp("replica"), database_url, balancer, port)
        for port in balancer.ports
    ]
    yield bots
    for bot in bots:
        bot.kill()
    for bot in bots:
        assert not complaints_in(bot.printed()), bot.printed()


@pytest.fixture
async def bot(bots: list[Process]) -> Process:
    """The first of them; all run."""
    # Together, so that they migrate the empty database at the same time.
    fresh = {bot: bot.printed_bytes for bot in bots if not bot.runs}
    for bot in fresh:
        await asyncio.to_thread(bot.start)
    for bot, before in fresh.items():
        await asyncio.to_thread(bot.printed_match, "(started with trainer)", before)
    return bots[0]


async def joins_again(bot: Process, working: Process) -> None:
    """Have one go on that was stopped until the others took it for dead."""
    number, before = number_of(bot), bot.printed_bytes
    dead = rf"(replicas \[.*\b{number}\b.*\] are dead)"
    await asyncio.to_thread(working.printed_match, dead)
    bot.go_on()
    await asyncio.to_thread(bot.printed_match, r"(joined as replica)", before)


def number_of(bot: Process) -> int:
    """Return the number of a replica, which it prints whenever it joins."""
    return int(bot.printed().rpartition("joined as replica ")[2].partition(";")[0])


async def test_a_killed_and_a_stopped_replica_lose_nothing_and_double_nothing(
    sandbox: Sandbox, bots: list[Process], balancer: Balancer
) -> None:
    people = [await sandbox.newcomer() for _ in range(PEOPLE)]
    writing = asyncio.gather(*map(write_much, people))

    async def all_are_at_work() -> bool:
        return all(balancer.passed[port] for port in balancer.ports)

    await eventually(all_are_at_work, "updates through all three", PATIENCE_S)
    await some_answer(people)
    killed, stopped, working = bots
    killed.kill()
    stopped.freeze()
    await writing
    for person in people:
        await answered(person, len(WANTED))
    await joins_again(stopped, working)
    await asyncio.to_thread(start_bot, killed)
    for person in people:
        # Those that were being answered by the two are answered again, and no more than once.
        await heard_in_order(person, steps=1, is_one_late=True)


async def test_all_work_at_once_and_a_restart_one_after_the_other_is_not_felt(
    sandbox: Sandbox, bots: list[Process], balancer: Balancer
) -> None:
    people = [await sandbox.newcomer() for _ in range(PEOPLE)]
    passed = balancer.passed.copy()
    writing = asyncio.gather(*map(write_much, people))
    for bot in bots:
        assert await asyncio.to_thread(bot.stop) == 0
        await asyncio.to_thread(start_bot, bot)
    await writing
    for person in people:
        await heard_in_order(person, steps=0)

    async def each_has_had_some() -> bool:
        await people[0].say("/help")
        return all(balancer.passed[port] > passed[port] for port in balancer.ports)

    await eventually(each_has_had_some, "all replicas are given updates", PATIENCE_S)


class Hands:
    """In whose hands the trainings are that are under way, as the database says it."""

    def __init__(self, url: str) -> None:
        self._engine = create_async_engine(url, poolclass=NullPool)

    async def owners(self, state: str) -> Counter[int]:
        """Count the trainings in a state by the number of their replica."""
        query = text("SELECT owner FROM trainings WHERE state = :state AND owner IS NOT NULL")
        async with self._engine.connect() as connection:
            return Counter(await connection.scalars(query, {"state": state}))


async def test_trainings_go_on_when_their_replicas_are_killed_and_stopped(
    sandbox: Sandbox, bots: list[Process], database_url: str
) -> None:
    hands = Hands(database_url)
    # All of them run at once, and that of whoever comes last: with pushes, one that waits for a
    # runner is looked at more rarely.
    await sandbox.scenario(concurrency=MOST_TRAININGS + REPLICAS + 1)
    await sandbox.clock("polls", NEVER)
    people: list[Person] = []
    # Each replica has some: a training is carried where it was started.
    while len(await hands.owners("training")) < REPLICAS:
        assert len(people) < MOST_TRAININGS
        more = [await sandbox.newcomer() for _ in range(REPLICAS)]
        people += more
        await asyncio.gather(*(person.start_training() for person in more))
        for person in more:
            await person.one_training("IN_PROGRESS")
            await person.sees("🧠")

    # One more is killed in the middle of its submit, which fal has taken already.
    last = await sandbox.newcomer()
    people.append(last)
    await let_hang(sandbox, "fal", "POST /fal/queue/", "after")
    await last.start_training()
    await last.one_training()
    (submitting,) = await hands.owners("submitting")
    killed = next(bot for bot in bots if number_of(bot) == submitting)
    stopped, working = (bot for bot in bots if bot is not killed)
    killed.kill()
    stopped.freeze()
    await sandbox.calm()

    # fal's calls come to the one that is left, while the dead have the trainings.
    for person in people:
        await person.told_ready(patience_s=PATIENCE_S)
    await joins_again(stopped, working)
    await asyncio.to_thread(start_bot, killed)
    for person in people:
        said = await person.say("/generate portrait photo")
        await person.gets_picture(after=said)
        assert len(await person.trainings()) == 1
        assert len(await person.generations()) == 1
        assert await person.times_told_ready() == 1
        # The progress message tells of the end, and nothing came after it out of turn.
        assert sum("🧠" in text_of(message) for message in await person.from_bot()) == 0
