"""A sandbox, the product's own aiogram bot before it, and a person who talks to it."""

import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiogram import Bot
from pydantic import SecretStr

from bot.app import make_bot
from bot.logs import OUR_ROOMS
from bot.settings import Settings
from sandbox.server import RunningSandbox, SandboxConfig, running_sandbox
from sandbox.telegram import FloodLimits, TelegramConfig
from services.health import Health
from tests.hang_up import hang_up
from tests.sandbox.telegram.clients import Person


@pytest.fixture
async def sandbox() -> AsyncIterator[RunningSandbox]:
    telegram = TelegramConfig(flood=FloodLimits(enabled=False), busy_loop_guard=False)
    async with running_sandbox(
        SandboxConfig(port=0, telegram=telegram, clock_s=0, sketches=True)
    ) as running:
        yield running


@pytest.fixture
def settings(sandbox: RunningSandbox, tmp_path: Path) -> Settings:
    """What `python -m bot` needs to use the sandbox; nobody's `.env` is read."""
    return Settings(
        _env_file=None,
        bot_token=SecretStr(sandbox.config.telegram.token),
        telegram_api_url=sandbox.telegram_url,
        fal_key=SecretStr(sandbox.config.fal_key),
        fal_api_url=sandbox.fal_url,
        access="open",
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}",
    )


@pytest.fixture
async def bot(settings: Settings) -> AsyncIterator[Bot]:
    bot = make_bot(settings, Health("Telegram"))
    yield bot
    await hang_up(bot.session)


@pytest.fixture
async def person(sandbox: RunningSandbox) -> AsyncIterator[Person]:
    async with aiohttp.ClientSession() as http:
        yield Person(http, sandbox.url)


@pytest.fixture
def root_logger_put_back() -> Iterator[None]:
    """What sets up logging sets it up for the whole process, so it is undone."""
    changed = [logging.getLogger(name) for name in (None, "fal_client", *OUR_ROOMS)]
    before = [(logger, logger.level, logger.handlers[:]) for logger in changed]
    yield
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers
