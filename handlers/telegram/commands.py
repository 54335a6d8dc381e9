"""The commands Telegram lists, in both languages."""

from aiogram import Bot
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats

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
    "privacy",
    "deletemydata",
)

DEFAULT_LANGUAGE = Language.EN
"""Registered without a language as well, for everyone whose language has no list."""


async def register_commands(bot: Bot) -> None:
    """Tell Telegram the commands for private chats, a list a language."""
    for language in Language:
        t = Texts(language)
        commands = [
            BotCommand(command=name, description=t.plain(f"command-{name}")) for name in COMMANDS
        ]
        scope = BotCommandScopeAllPrivateChats()
        await bot.set_my_commands(commands, scope=scope, language_code=language.value)
        if language == DEFAULT_LANGUAGE:
            await bot.set_my_commands(commands, scope=scope)
