"""How often somebody may ask."""

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
import pytest_asyncio
from fastapi import FastAPI
from sqlalchemy import Engine, event
from starlette.routing import Mount

from api.app import Served, build_app
from api.callers import Limits
from api.limits import MAX_KNOWN, RateLimit, RightLately
from api.problems import Refused
from bot.listener import listening
from bot.web import serving
from services.domain.api_keys import KeyScope
from tests.api.kit import Caller
from tests.api.test_generations import waiting
from tests.api.test_photos import upload
from tests.handlers.chat import Product
from tests.services.kit import jpeg


class Clock:
    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def test_so_many_may_come_at_once_and_more_by_and_by() -> None:
    clock = Clock()
    limit = RateLimit(burst=3, per_minute=60, clock=clock)
    for _ in range(3):
        limit.take("a")
    with pytest.raises(Refused) as refused:
        limit.take("a")
    assert refused.value.retry_after_s == 1
    limit.take("b")
    clock.at_s += 1
    limit.take("a")
    with pytest.raises(Refused):
        limit.take("a")
    clock.at_s += 1000
    for _ in range(3):
        limit.take("a")
    with pytest.raises(Refused):
        limit.take("a")


def test_to_ask_whether_one_more_may_come_counts_nothing() -> None:
    clock = Clock()
    limit = RateLimit(burst=1, per_minute=60, clock=clock)
    for _ in range(2):
        limit.check("a")
    assert not limit._buckets
    limit.take("a")
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            limit.check("a")
        assert refused.value.retry_after_s == 1
    clock.at_s += 1
    limit.check("a")
    limit.take("a")


def test_of_right_keys_those_used_lately_are_remembered() -> None:
    keys = RightLately()
    for number in range(MAX_KNOWN):
        keys.note(str(number), is_right=True)
    keys.note("0", is_right=True)
    keys.note("new", is_right=True)
    assert "0" in keys
    assert "1" not in keys
    keys.note("0", is_right=False)
    keys.note("wrong", is_right=False)
    assert "0" not in keys
    assert len(keys._digests) == MAX_KNOWN - 1


def test_no_more_callers_are_remembered_than_there_is_room_for() -> None:
    limit = RateLimit(burst=1, per_minute=1, clock=Clock())
    for caller in range(2 * MAX_KNOWN):
        limit.take(caller)
    assert len(limit._buckets) == MAX_KNOWN


@pytest.fixture
def clock() -> Clock:
    """What those are measured by who are not known."""
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def few(product: Product, clock: Clock) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of an API that may be asked three times, and once by those it does not know."""

    async def untroubled() -> list[str]:
        return []

    limits = Limits(
        RateLimit(burst=3, per_minute=1), RateLimit(burst=1, per_minute=1, clock=clock)
    )
    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = build_app(Served(untroubled, api=product.api), limits)
        async with serving(app, listener), aiohttp.ClientSession(base) as client:
            yield client


async def test_who_asks_too_often_is_told_when_to_come_again(
    few: aiohttp.ClientSession, product: Product
) -> None:
    people = [Caller(product, few, product.newcomer()) for _ in range(2)]
    for person in people:
        await person.chat.say("/start")
        await person.opens()
    for _ in range(3):
        assert (await people[0].get("/me")).status == 200
    answer = await people[0].get("/me")
    assert (answer.status, answer.code) == (429, "too-many-requests")
    assert int(answer.headers["Retry-After"]) > 0
    assert (await people[1].get("/me")).status == 200


async def test_guesses_are_slowed_down_and_nobody_who_is_known(
    few: aiohttp.ClientSession, product: Product
) -> None:
    person = Caller(product, few, product.newcomer())
    await person.chat.say("/start")
    assert [(await person.get("/me")).status for _ in range(3)] == [401, 429, 429]
    await person.opens()
    assert (await person.get("/me")).status == 200


class Guesser(Caller):
    """Somebody who tries keys that nobody has."""

    async def guess(self) -> int:
        """Return the status of the answer."""
        self.authorization = "Bearer np_" + "A" * 43
        return (await self.get("/me")).status


@pytest.fixture
def looks() -> Iterator[list[str]]:
    """The statements that look for a key."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT") and "FROM api_keys" in statement:
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)


async def test_a_guess_too_many_costs_the_database_nothing(
    few: aiohttp.ClientSession, product: Product, clock: Clock, looks: list[str]
) -> None:
    guesser = Guesser(product, few, product.newcomer())
    assert [await guesser.guess() for _ in range(5)] == [401, 429, 429, 429, 429]
    assert len(looks) == 1
    clock.at_s += 60
    assert [await guesser.guess() for _ in range(2)] == [401, 429]
    assert len(looks) == 2


async def test_a_key_that_was_right_lately_is_let_in_whatever_others_at_its_address_do(
    few: aiohttp.ClientSession, product: Product, clock: Clock
) -> None:
    guesser = Guesser(product, few, product.newcomer())
    person = Caller(product, few, product.newcomer())
    await person.chat.say("/start")
    await person.uses_key(KeyScope.READ)
    assert (await person.get("/me")).status == 200
    assert [await guesser.guess() for _ in range(2)] == [401, 429]
    assert (await person.get("/me")).status == 200
    await product.api.api_keys.revoke(person.id)
    assert (await person.get("/me")).status == 429
    # One that is used for the first time waits until guesses may be made again.
    await person.uses_key(KeyScope.READ)
    answer = await person.get("/me")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    clock.at_s += 60
    assert (await person.get("/me")).status == 200
    # It has taken nothing.
    assert await guesser.guess() == 401


async def test_of_who_holds_no_place_any_more_nothing_is_kept(product: Product) -> None:
    async def untroubled() -> list[str]:
        return []

    app = build_app(Served(untroubled, api=product.api))
    (api,) = (one.app for one in app.routes if isinstance(one, Mount))
    assert isinstance(api, FastAPI)
    uploads, streams = api.state.uploads, api.state.streams
    person = product.newcomer()
    await person.say("/start")
    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with serving(app, listener), aiohttp.ClientSession(base) as client:
            caller = await Caller(product, client, person).opens()
            assert (await upload(caller, jpeg(1))).status == 200
            model = await caller.own_model()
            made = await waiting(caller, model.id)
            headers = {"Authorization": caller.authorization}
            address = f"/api/generations/{made}/events"
            async with client.get(address, headers=headers) as stream:
                await stream.content.readline()
                assert streams == {person.id: 1}
                await caller.ask("DELETE", f"/models/{model.training_id}")
                await stream.read()
    # As a counter, one with zeros would be the same as an empty one.
    assert (dict(uploads), dict(streams)) == ({}, {})
