"""The commands and descriptions Telegram shows, in both languages, and the bot's picture."""

from collections.abc import Awaitable, Iterator
from pathlib import Path
from typing import TypeVar

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    FSInputFile,
    InputProfilePhotoStatic,
)

from services.domain.vocabulary import Language
from texts.reader import Texts

COMMANDS = (
    "start",
    "train",
    "generate",
    "presets",
    "models",
    "gallery",
    "status",
    "settings",
    "language",
    "cancel",
    "help",
    "support",
    "privacy",
    "export",
    "deletemydata",
)

PAYING_COMMANDS = ("buy", "balance", "receipts", "redeem", "gift", "terms", "paysupport")
"""Registered where users pay."""

TRY_COMMAND = "try"
"""Registered where a picture can be made of a single photo."""

PROFILE_PHOTO = Path(__file__).with_name("profile.jpg")
"""Drawn by `python -m sandbox.drawing.profile`."""

T = TypeVar("T")

DEFAULT_LANGUAGE = Language.EN
"""Registered without a language as well, for everyone whose language has no list."""


async def register_commands(bot: Bot, *, pays: bool = False, can_try: bool = False) -> None:
    """Tell Telegram the commands for private chats, where they differ from what it has."""
    tries = (TRY_COMMAND,) if can_try else ()
    names = COMMANDS[:1] + tries + COMMANDS[1:] + (PAYING_COMMANDS if pays else ())
    scope = BotCommandScopeAllPrivateChats()
    for code, t in _by_code():
        commands = [
            BotCommand(command=name, description=t.plain(f"command-{name}")) for name in names
        ]
        known = await _known(bot.get_my_commands(scope=scope, language_code=code))
        # Not `==` on the objects: those that were received are bound to the bot, ours are not.
        if [command.model_dump() for command in known or ()] != [
            command.model_dump() for command in commands
        ]:
            await bot.set_my_commands(commands, scope=scope, language_code=code)


async def register_group_commands(bot: Bot, *, is_on: bool) -> None:
    """Tell Telegram the command for groups, where it differs from what it has; none where off."""
    scope = BotCommandScopeAllGroupChats()
    for code, t in _by_code():
        words = t.plain("command-group-generate")
        wanted = [BotCommand(command="generate", description=words)] if is_on else []
        known = await _known(bot.get_my_commands(scope=scope, language_code=code)) or []
        if [one.model_dump() for one in known] == [one.model_dump() for one in wanted]:
            continue
        if wanted:
            await bot.set_my_commands(wanted, scope=scope, language_code=code)
        else:
            await bot.delete_my_commands(scope=scope, language_code=code)


async def register_description(bot: Bot) -> None:
    """Tell Telegram what the empty chat says, where it differs from what it has."""
    for code, t in _by_code():
        description = t.plain("bot-description")
        known = await _known(bot.get_my_description(language_code=code))
        if known is None or known.description != description:
            await bot.set_my_description(description, language_code=code)


async def register_short_description(bot: Bot) -> None:
    """Tell Telegram what the bot's profile says, where it differs from what it has."""
    for code, t in _by_code():
        short = t.plain("bot-short-description")
        known = await _known(bot.get_my_short_description(language_code=code))
        if known is None or known.short_description != short:
            await bot.set_my_short_description(short, language_code=code)


async def register_profile_photo(bot: Bot) -> None:
    """Give the bot its picture, unless it has one: the operator's own choice stays.

    A server older than Bot API 9.4 has no such method; then it stays without.
    """
    known = await _known(bot.get_user_profile_photos(bot.id, limit=1))
    if known is not None and known.total_count == 0:
        await _known(
            bot.set_my_profile_photo(InputProfilePhotoStatic(photo=FSInputFile(PROFILE_PHOTO)))
        )


async def _known(read: Awaitable[T]) -> T | None:
    # A server that does not know what it has may still take what it is told.
    try:
        return await read
    except (TelegramBadRequest, TelegramNotFound):
        return None


def _by_code() -> Iterator[tuple[str | None, Texts]]:
    yield None, Texts(DEFAULT_LANGUAGE)
    for language in Language:
        yield language.value, Texts(language)
