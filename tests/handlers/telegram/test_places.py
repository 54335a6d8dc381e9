"""A delivery under a long 429 gives its place back, and is made when the pause is over."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from db.database import Database
from handlers.telegram.limiter import OutgoingLimiter
from handlers.telegram.middlewares import PatientRequests
from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from services.domain.values import Place
from services.errors import DeliveryFailed
from services.health import Health
from services.jobs.carrier import Carrier
from services.jobs.lanes import Lane
from services.jobs.nursery import Nursery
from services.users.reach import Reach
from tests.hang_up import hang_up
from tests.sandbox.telegram.clients import USER, Person

PAUSE_S = 50
PLACES = 2


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(SandboxConfig(port=0)) as running:
        yield running


@pytest.fixture
async def bot(sandbox: RunningSandbox) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
    session.middleware(PatientRequests())
    session.middleware(OutgoingLimiter())
    yield Bot(sandbox.config.telegram.token, session=session)
    await hang_up(session)


@pytest.fixture
async def person(sandbox: RunningSandbox) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession() as http:
        person = Person(http, sandbox.url)
        await person.write("/start")
        await person.fault(
            service="telegram", match="/sendMessage", kind="flood", seconds=PAUSE_S, times=PLACES
        )
        yield person


async def test_a_lane_full_of_long_pauses_lets_another_user_through(
    bot: Bot, person: Person, database: Database
) -> None:
    lane, told = Lane(size=PLACES, per_user=1), asyncio.Event()
    refused: dict[str, float | None] = {}
    both_refused = asyncio.Event()
    async with Nursery() as nursery:
        outgoing = Outgoing(bot, Reach(database), nursery, Health("Telegram"))

        async def step(row_id: str) -> float | None:
            async with lane.turn(int(row_id)):
                try:
                    await outgoing.send(USER, chats[row_id], Screen(row_id))
                except DeliveryFailed as error:
                    refused[row_id] = error.retry_after_s
                    if len(refused) == PLACES:
                        both_refused.set()
                    raise
            told.set()
            return None

        chats = {"1": Place(USER + 1), "2": Place(USER + 2), "3": Place(USER)}
        carrier = Carrier("row", nursery, step)
        async with asyncio.timeout(30):
            carrier.carry("1")
            carrier.carry("2")
            await both_refused.wait()
            carrier.carry("3")
            await told.wait()
    assert refused == {"1": PAUSE_S, "2": PAUSE_S}
    assert [message["text"] for message in await person.messages()] == ["/start", "3"]


async def test_a_chat_that_is_closed_is_not_asked_before_its_time(
    bot: Bot, person: Person, database: Database
) -> None:
    async with Nursery() as nursery, asyncio.timeout(30):
        outgoing = Outgoing(bot, Reach(database), nursery, Health("Telegram"))
        for _ in range(3):
            with pytest.raises(DeliveryFailed) as failed:
                await outgoing.send(USER, Place(USER), Screen("hello"))
            assert failed.value.retry_after_s is not None
            assert failed.value.retry_after_s > 0
    calls = await person.calls(service="telegram")
    assert len([call for call in calls if call["path"].endswith("/sendMessage")]) == 1
