"""A request that is told to slow down waits as long as it is told, within reason."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramRetryAfter, TelegramServerError
from aiogram.methods import GetUpdates, SendMessage, TelegramMethod

from handlers.telegram.middlewares import LONGEST_WAIT_S, WAITS, PatientRequests
from handlers.telegram.session import BotSession
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from tests.hang_up import hang_up
from tests.sandbox.telegram.clients import USER, Person


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(SandboxConfig(port=0)) as running:
        yield running


@pytest.fixture
async def person(sandbox: RunningSandbox) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession() as http:
        person = Person(http, sandbox.url)
        await person.write("/start")
        yield person


@pytest.fixture
async def bot(sandbox: RunningSandbox) -> AsyncIterator[Bot]:
    session = BotSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
    session.middleware(PatientRequests())
    yield Bot(sandbox.config.telegram.token, session=session)
    await hang_up(session)


class Refusals:
    """Stands where the network is and refuses a few times."""

    def __init__(self, times: int, retry_after: int) -> None:
        self.left, self.retry_after, self.calls = times, retry_after, 0

    async def __call__(self, _bot: object, method: TelegramMethod[Any]) -> str:
        self.calls += 1
        if self.left:
            self.left -= 1
            raise TelegramRetryAfter(method, "Too Many Requests", self.retry_after)
        return "sent"


async def send(line: Refusals, method: TelegramMethod[Any]) -> Any:  # noqa: ANN401
    return await PatientRequests()(line, None, method)  # type: ignore[arg-type]


MESSAGE = SendMessage(chat_id=USER, text="a")


async def test_a_429_is_waited_out_and_the_message_is_sent_once(bot: Bot, person: Person) -> None:
    await person.fault(service="telegram", match="/sendMessage", kind="flood", seconds=1)
    began = time.monotonic()
    await bot.send_message(USER, "hello")
    assert time.monotonic() - began >= 1
    texts = [message["text"] for message in await person.messages()]
    assert texts == ["/start", "hello"]


async def test_a_wait_of_more_than_a_minute_is_not_sat_out(bot: Bot, person: Person) -> None:
    await person.fault(
        service="telegram", match="/sendMessage", kind="flood", seconds=LONGEST_WAIT_S + 1
    )
    async with asyncio.timeout(30):
        with pytest.raises(TelegramRetryAfter) as refused:
            await bot.send_message(USER, "hello")
    assert refused.value.retry_after == LONGEST_WAIT_S + 1


async def test_so_many_refusals_are_waited_out_and_not_one_more() -> None:
    patient = Refusals(times=WAITS, retry_after=0)
    assert await send(patient, MESSAGE) == "sent"
    assert patient.calls == WAITS + 1
    with pytest.raises(TelegramRetryAfter):
        await send(Refusals(times=WAITS + 1, retry_after=0), MESSAGE)


async def test_polling_waits_by_itself_so_that_a_stop_is_heard() -> None:
    line = Refusals(times=1, retry_after=0)
    with pytest.raises(TelegramRetryAfter):
        await send(line, GetUpdates())
    assert line.calls == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "status", "status": 500},
        {"kind": "html", "status": 502},
        {"kind": "html", "status": 504},
        {"kind": "status", "status": 503, "body": {"error": "of a proxy"}},
    ],
    ids=["json", "502 page", "504 page", "strange json"],
)
async def test_one_server_error_is_passed_over_and_a_second_one_is_not(
    bot: Bot, person: Person, trouble: dict[str, object]
) -> None:
    await person.fault(service="telegram", match="/sendMessage", **trouble)
    await bot.send_message(USER, "hello")
    await person.fault(service="telegram", match="/sendMessage", times=2, **trouble)
    with pytest.raises(TelegramServerError):
        await bot.send_message(USER, "again")
    texts = [message["text"] for message in await person.messages()]
    assert texts == ["/start", "hello"]
