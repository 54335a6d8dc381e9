"""What Telegram shows of the bot is told at start, and only where it differs."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import BaseRequestMiddleware
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.methods import TelegramMethod
from aiogram.types import (
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BufferedInputFile,
    InputProfilePhotoStatic,
)
from PIL import Image

from handlers.telegram.commands import (
    COMMANDS,
    DEFAULT_LANGUAGE,
    PROFILE_PHOTO,
    register_commands,
    register_description,
    register_group_commands,
    register_profile_photo,
    register_short_description,
)
from sandbox.server import SandboxConfig, running_sandbox
from services.domain.vocabulary import Language
from tests.hang_up import hang_up
from tests.services.kit import jpeg
from texts.reader import Texts

# core.telegram.org/bots/api#setmydescription and #setmyshortdescription, in characters.
LONGEST = {"bot-description": 512, "bot-short-description": 120}
CODES = [(None, DEFAULT_LANGUAGE), *((language.value, language) for language in Language)]


class Calls(BaseRequestMiddleware):
    """Notes the methods that change something."""

    def __init__(self) -> None:
        self.changes: list[str] = []

    async def __call__(self, make_request: Any, bot: Bot, method: TelegramMethod[Any]) -> Any:  # noqa: ANN401
        if method.__api_method__.startswith("set"):
            self.changes.append(method.__api_method__)
        return await make_request(bot, method)


@pytest.fixture
def calls() -> Calls:
    return Calls()


@pytest.fixture
async def bot(calls: Calls) -> AsyncIterator[Bot]:
    async with running_sandbox(SandboxConfig(port=0)) as sandbox:
        session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.telegram_url))
        session.middleware(calls)
        yield Bot(sandbox.config.telegram.token, session=session)
        await hang_up(session)


async def register(bot: Bot) -> None:
    await register_commands(bot)
    await register_description(bot)
    await register_short_description(bot)
    await register_profile_photo(bot)


async def test_each_language_has_its_own(bot: Bot) -> None:
    await register(bot)
    scope = BotCommandScopeAllPrivateChats()
    for code, language in CODES:
        t = Texts(language)
        commands = await bot.get_my_commands(scope=scope, language_code=code)
        assert [(c.command, c.description) for c in commands] == [
            (name, t.plain(f"command-{name}")) for name in COMMANDS
        ]
        described = await bot.get_my_description(language_code=code)
        assert described.description == t.plain("bot-description")
        short = await bot.get_my_short_description(language_code=code)
        assert short.short_description == t.plain("bot-short-description")


async def test_groups_have_one_command_where_the_bot_answers_there(bot: Bot, calls: Calls) -> None:
    scope = BotCommandScopeAllGroupChats()
    await register_group_commands(bot, is_on=False)
    assert calls.changes == []
    for _ in range(2):
        await register_group_commands(bot, is_on=True)
        for code, language in CODES:
            (one,) = await bot.get_my_commands(scope=scope, language_code=code)
            assert one.command == "generate"
            assert one.description == Texts(language).plain("command-group-generate")
    assert calls.changes == ["setMyCommands"] * len(CODES)
    await register_group_commands(bot, is_on=False)
    for code, _ in CODES:
        assert await bot.get_my_commands(scope=scope, language_code=code) == []


async def test_a_second_start_changes_nothing(bot: Bot, calls: Calls) -> None:
    await register(bot)
    assert set(calls.changes) == {
        "setMyCommands",
        "setMyDescription",
        "setMyShortDescription",
        "setMyProfilePhoto",
    }
    calls.changes.clear()
    await register(bot)
    assert calls.changes == []


async def test_only_what_differs_is_set_again(bot: Bot, calls: Calls) -> None:
    await register(bot)
    await bot.set_my_description("old", language_code="ru")
    calls.changes.clear()
    await register(bot)
    assert calls.changes == ["setMyDescription"]


async def test_a_picture_that_the_operator_chose_stays(bot: Bot, calls: Calls) -> None:
    own = BufferedInputFile(jpeg(side=640), "own.jpg")
    await bot.set_my_profile_photo(InputProfilePhotoStatic(photo=own))
    chosen = (await bot.get_user_profile_photos(bot.id)).photos[0][-1].file_unique_id
    calls.changes.clear()
    await register(bot)
    assert "setMyProfilePhoto" not in calls.changes
    kept = (await bot.get_user_profile_photos(bot.id)).photos[0][-1].file_unique_id
    assert kept == chosen


@pytest.mark.parametrize("code", [400, 404])
async def test_a_server_without_pictures_for_bots_is_no_trouble(bot: Bot, code: int) -> None:
    class Old(BaseRequestMiddleware):
        async def __call__(self, make_request: Any, bot: Bot, method: TelegramMethod[Any]) -> Any:  # noqa: ANN401
            if method.__api_method__ == "setMyProfilePhoto":
                error = {400: TelegramBadRequest, 404: TelegramNotFound}[code]
                raise error(method, "method not found")
            return await make_request(bot, method)

    bot.session.middleware(Old())
    await register_profile_photo(bot)
    assert (await bot.get_user_profile_photos(bot.id)).total_count == 0


def test_the_picture_is_a_square_that_telegram_takes() -> None:
    with Image.open(PROFILE_PHOTO) as picture:
        assert (picture.format, picture.size) == ("JPEG", (640, 640))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("key", LONGEST)
def test_a_description_is_no_longer_than_telegram_takes(key: str, language: Language) -> None:
    assert len(Texts(language).plain(key)) <= LONGEST[key]
