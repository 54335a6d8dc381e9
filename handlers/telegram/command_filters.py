"""Commands are texts: the caption of a photo is none, though aiogram's own filter reads it too."""

from typing import Any

from aiogram import Bot
from aiogram.filters import Command, CommandStart
from aiogram.types import Message


class TextCommand(Command):
    """`aiogram.filters.Command`, for messages that are a text."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, Any]:
        """Return what the command carries, False for anything else."""
        return message.text is not None and await super().__call__(message, bot)


class TextCommandStart(CommandStart):
    """`aiogram.filters.CommandStart`, for messages that are a text."""

    async def __call__(self, message: Message, bot: Bot) -> bool | dict[str, Any]:
        """Return what the command carries, False for anything else."""
        return message.text is not None and await super().__call__(message, bot)
