"""What is sent into groups, and how Telegram refuses it."""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    ReplyParameters,
)
from aiogram.utils.deep_linking import create_start_link

from handlers.telegram.keyboards import keyboard_of
from handlers.telegram.limiter import brief
from handlers.telegram.links import GROUPS
from handlers.telegram.replies import bot_of
from services.errors import DeliveryFailed
from texts.reader import Texts

ABOUT_GROUPS = (
    "not enough rights",
    "no rights to send",
    "administrator rights",
    "deactivated",
    "_forbidden",
    "chat_restricted",
    "chat_admin_required",
    "channel_private",
    "user_banned_in_channel",
    "topic_closed",
    "topic_deleted",
    "message thread not found",
)
"""What is in the words of a 400 that comes whatever is sent, in lower case: sentences of the Bot
API server (tdlib/telegram-bot-api, Client.cpp) and codes that it passes on
(core.telegram.org/errors)."""


class GroupClosed(Exception):
    """A group takes nothing from the bot any more: kicked, muted, or gone."""


class GroupMoved(Exception):
    """A group has become a supergroup, which is another chat."""

    def __init__(self, chat_id: int) -> None:
        super().__init__(str(chat_id))
        self.chat_id = chat_id


@asynccontextmanager
async def reaching_group() -> AsyncIterator[None]:
    """Turn a group's refusals into errors of ours; they say nothing of who has called.

    What Telegram will never take there is not lost: the private chat gets it instead.

    Raises:
        GroupMoved: It is to be sent to another chat.
        GroupClosed: It cannot be sent there.
        DeliveryFailed: Telegram did not take it; try again later.
    """
    try:
        with brief():
            yield
    except TelegramRetryAfter as error:
        raise DeliveryFailed(type(error).__name__, float(error.retry_after)) from error
    except TelegramMigrateToChat as error:
        raise GroupMoved(error.migrate_to_chat_id) from error
    except (TelegramForbiddenError, TelegramBadRequest, TelegramEntityTooLarge) as error:
        raise GroupClosed(type(error).__name__) from error
    except (AiogramError, TimeoutError) as error:
        raise DeliveryFailed(type(error).__name__) from error


async def answer_in_group(
    message: Message, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Answer what was written in a group, also where that is another chat by now.

    Where the bot may not write, or is no more, there is nobody to be told. What a group would get
    late it does not get: what else its writer has sent waits behind it.
    """
    refusals = TelegramForbiddenError, TelegramBadRequest, TelegramRetryAfter
    with contextlib.suppress(*refusals, TelegramMigrateToChat), brief():
        try:
            await message.reply(text, reply_markup=keyboard)
        except TelegramMigrateToChat as error:
            # What is answered has another number there.
            new = error.migrate_to_chat_id
            await bot_of(message).send_message(new, text, reply_markup=keyboard)


def reply_to(message_id: int | None) -> ReplyParameters | None:
    """Return what makes a message a reply, or one that answers none where that is gone."""
    if message_id is None:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)


async def way_to_private(bot: Bot, t: Texts) -> InlineKeyboardMarkup:
    """Return the one button that a group is shown: it opens the private chat."""
    link = await create_start_link(bot, GROUPS)
    return keyboard_of([InlineKeyboardButton(text=t.plain("group-to-private"), url=link)])


def is_about_group(error: Exception) -> bool:
    """Return whether Telegram refused because of the group, whatever was sent into it."""
    words = str(getattr(error, "message", "")).lower()
    return any(one in words for one in ABOUT_GROUPS)
