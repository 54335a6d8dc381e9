"""How often somebody may ask."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from api.app import Served, build_app
from api.callers import Limits
from api.limits import MAX_KNOWN, RateLimit
from api.problems import Refused
from bot.listener import listening
from bot.web import serving
from tests.api.kit import Caller
from tests.handlers.chat import Product


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


def test_no_more_callers_are_remembered_than_there_is_room_for() -> None:
    limit = RateLimit(burst=1, per_minute=1, clock=Clock())
    for caller in range(2 * MAX_KNOWN):
        limit.take(caller)
    assert len(limit._buckets) == MAX_KNOWN


@pytest_asyncio.fixture(loop_scope="session")
async def few(product: Product) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of an API that may be asked three times, and once by those it does not know."""

    async def untroubled() -> list[str]:
        return []

    limits = Limits(RateLimit(burst=3, per_minute=1), RateLimit(burst=1, per_minute=1))
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
