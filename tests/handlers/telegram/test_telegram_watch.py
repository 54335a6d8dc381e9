"""Whether Telegram answers is seen in every request."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, TelegramBadRequest

from handlers.telegram.middlewares import TelegramWatch
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from services.health import DOWN_AFTER, Health
from tests.hang_up import hang_up
from tests.sandbox.telegram.clients import Person


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(SandboxConfig(port=0)) as running:
        yield running


@pytest.fixture
async def person(sandbox: RunningSandbox) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession() as http:
        yield Person(http, sandbox.url)


@pytest.fixture
def health() -> Health:
    return Health("Telegram")


@pytest.fixture
async def bot(sandbox: RunningSandbox, health: Health) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
    session.middleware(TelegramWatch(health))
    yield Bot(sandbox.config.telegram.token, session=session)
    await hang_up(session)


@pytest.mark.parametrize(
    "trouble", [{"kind": "html"}, {"kind": "status", "status": 500}, {"kind": "drop_before"}]
)
async def test_pages_errors_and_broken_connections_make_an_outage_and_an_answer_ends_it(
    bot: Bot, health: Health, person: Person, trouble: dict[str, object]
) -> None:
    await person.fault(service="telegram", match="/getMe", times=DOWN_AFTER, **trouble)
    for _ in range(DOWN_AFTER):
        assert not health.is_down
        with pytest.raises(AiogramError):
            await bot.get_me()
    assert health.is_down
    await bot.get_me()
    assert not health.is_down


async def test_a_refusal_is_an_answer(bot: Bot, health: Health) -> None:
    for _ in range(DOWN_AFTER):
        with pytest.raises(TelegramBadRequest):
            await bot.send_message(1, "to nobody")
    assert not health.is_down


async def test_updates_of_an_unknown_form_are_an_answer(
    bot: Bot, health: Health, person: Person
) -> None:
    body = {"ok": True, "result": [{"update_id": "many"}]}
    await person.fault(
        service="telegram", match="/getUpdates", kind="status", status=200, body=body, times=0
    )
    for _ in range(DOWN_AFTER):
        with pytest.raises(AiogramError):
            await bot.get_updates()
    assert not health.is_down
