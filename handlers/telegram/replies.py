"""Ways of answering that messages and button presses share."""

import contextlib

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from services.domain.values import Place

TOO_LATE = ("query is too old", "query ID is invalid")


async def reply(
    event: Message | CallbackQuery,
    text: str,
    keyboard: InlineKeyboardMarkup | None = None,
    *,
    toast: str | None = None,
) -> None:
    """Send a new message to where the event came from, and release a pressed button."""
    if isinstance(event, Message):
        await event.answer(text, reply_markup=keyboard)
    else:
        await release(event, toast)
        await follow(event, text, keyboard)


async def follow(
    query: CallbackQuery, text: str, keyboard: InlineKeyboardMarkup | None = None
) -> None:
    """Send a new message after a press that has been answered."""
    place = place_of(query)
    await bot_of(query).send_message(
        place.chat_id, text, reply_markup=keyboard, message_thread_id=place.thread_id
    )


async def replace(
    query: CallbackQuery,
    text: str,
    keyboard: InlineKeyboardMarkup | None = None,
    *,
    toast: str | None = None,
) -> None:
    """Turn the message of the pressed button into another one; send it where that can't be."""
    await release(query, toast)
    if query.message is not None:
        try:
            await bot_of(query).edit_message_text(
                text,
                chat_id=query.message.chat.id,
                message_id=query.message.message_id,
                reply_markup=keyboard,
            )
        except TelegramBadRequest as error:
            if "message is not modified" in error.message:
                return
        else:
            return
    await follow(query, text, keyboard)


async def release(query: CallbackQuery, toast: str | None = None) -> None:
    """Answer a press so that its button stops spinning; too late is no harm."""
    try:
        await query.answer(toast)
    except TelegramBadRequest as error:
        if not any(words in error.message for words in TOO_LATE):
            raise


async def remove_buttons(event: CallbackQuery) -> None:
    """Take the keyboard from the message of the pressed button, if it still can be."""
    await change_buttons(event, None)


async def change_buttons(event: CallbackQuery, keyboard: InlineKeyboardMarkup | None) -> None:
    """Change the keyboard of the message of the pressed button, if that is still possible."""
    if event.message is not None:
        with contextlib.suppress(TelegramBadRequest):
            await bot_of(event).edit_message_reply_markup(
                chat_id=event.message.chat.id,
                message_id=event.message.message_id,
                reply_markup=keyboard,
            )


def place_of(event: Message | CallbackQuery) -> Place:
    """Return where the answer to an event belongs: the private chat, and the event's topic in it.

    A message that Telegram does not show any more does not tell its topic.
    """
    message = event if isinstance(event, Message) else event.message
    chat_id = event.chat.id if isinstance(event, Message) else event.from_user.id
    # Without `is_topic_message` the number is that of a thread of replies, which is no topic.
    if isinstance(message, Message) and message.is_topic_message:
        return Place(chat_id, message.message_thread_id)
    return Place(chat_id)


def origin_of(message: Message) -> str:
    """Return what tells a message from every other; handled again, it asks for nothing new."""
    return f"message:{message.chat.id}:{message.message_id}"


def bot_of(event: CallbackQuery | Message) -> Bot:
    """Return the bot that an event came through."""
    if event.bot is None:
        msg = "the event came through no bot"
        raise RuntimeError(msg)
    return event.bot
