"""A sandbox on a free port, a real aiogram bot that uses it, and a person who talks to it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from PIL import Image

from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from sandbox.telegram import FloodLimits, TelegramConfig
from tests.hang_up import hang_up
from tests.sandbox.telegram.clients import USER, Drain, Person, Picture, RawApi
from tests.sandbox.telegram.stars_kit import Till


@pytest.fixture(scope="session")
def picture() -> Picture:
    def draw(
        width: int = 640, height: int = 480, color: str = "teal", kind: str = "JPEG"
    ) -> bytes:
        out = io.BytesIO()
        Image.new("RGB", (width, height), color).save(out, kind)
        return out.getvalue()

    return draw


@asynccontextmanager
async def _client(sandbox: RunningSandbox) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
    try:
        yield Bot(sandbox.config.telegram.token, session=session)
    finally:
        await hang_up(session)


@pytest.fixture
def config() -> SandboxConfig:
    telegram = TelegramConfig(flood=FloodLimits(enabled=False), busy_loop_guard=False)
    return SandboxConfig(port=0, telegram=telegram)


@pytest.fixture
async def sandbox(config: SandboxConfig) -> AsyncIterator[RunningSandbox]:
    async with running_sandbox(config) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def bot(sandbox: RunningSandbox) -> AsyncIterator[Bot]:
    async with _client(sandbox) as client:
        yield client


@pytest.fixture
def person(http: aiohttp.ClientSession, sandbox: RunningSandbox) -> Person:
    return Person(http, sandbox.url)


@pytest.fixture
def raw(http: aiohttp.ClientSession, sandbox: RunningSandbox) -> RawApi:
    return RawApi(http, sandbox)


@pytest.fixture
async def chat(person: Person, bot: Bot) -> int:
    """A private chat in which the person has pressed Start and the bot has seen it."""
    await person.write("/start")
    await drained(bot)
    return USER


async def drained(bot: Bot) -> list[Any]:
    updates = await bot.get_updates(timeout=0)
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1, timeout=0)
    return updates


@pytest.fixture
def drain() -> Drain:
    """Take and confirm every waiting update."""
    return drained


@pytest.fixture
async def till(bot: Bot, person: Person, chat: int) -> Till:
    """A bot that sells to the person of `chat`."""
    assert chat == USER
    return Till(bot, person, drained)
