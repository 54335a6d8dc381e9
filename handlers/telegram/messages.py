"""Messages that are a text, or a picture with a caption."""

import contextlib

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InputMediaPhoto, Message

from handlers.telegram.own_pictures import OwnPicture
from handlers.telegram.replies import bot_of, place_of, release, replace
from handlers.telegram.screen import Screen
from services.domain.values import Place


async def send_card(bot: Bot, place: Place, screen: Screen) -> Message:
    """Send a screen; its words alone where Telegram no longer has the picture."""
    if screen.photo is not None:
        with contextlib.suppress(TelegramBadRequest):
            return await bot.send_photo(
                place.chat_id,
                screen.photo,
                caption=screen.text,
                reply_markup=screen.keyboard,
                message_thread_id=place.thread_id,
            )
    return await bot.send_message(
        place.chat_id,
        screen.text,
        reply_markup=screen.keyboard,
        message_thread_id=place.thread_id,
    )


async def turn_into(query: CallbackQuery, screen: Screen, *, toast: str | None = None) -> None:
    """Turn the message of the pressed button into a screen.

    A text can become a picture in place, a picture never becomes a text: then a new message is
    sent and the old one taken away.
    """
    is_picture = isinstance(query.message, Message) and bool(query.message.photo)
    if screen.photo is None and not is_picture:
        await replace(query, screen.text, screen.keyboard, toast=toast)
        return
    await release(query, toast)
    if screen.photo is not None and await _edited(query, screen, screen.photo):
        return
    await send_card(bot_of(query), place_of(query), screen)
    if query.message is not None:
        with contextlib.suppress(TelegramBadRequest):
            await bot_of(query).delete_message(query.message.chat.id, query.message.message_id)


async def _edited(query: CallbackQuery, screen: Screen, photo: str | OwnPicture) -> bool:
    if query.message is None:
        return False
    try:
        await bot_of(query).edit_message_media(
            InputMediaPhoto(media=photo, caption=screen.text),
            chat_id=query.message.chat.id,
            message_id=query.message.message_id,
            reply_markup=screen.keyboard,
        )
    except TelegramBadRequest as error:
        return "message is not modified" in error.message
    return True
