"""The sign in the chat that a picture is on its way."""

import asyncio

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError

from services.domain.values import Place

CHAT_ACTION_EVERY_S = 4.5
"""Telegram shows a chat action for at most 5 s."""


async def show_upload_action(bot: Bot, place: Place) -> None:
    """Show "sending a photo" until cancelled, or until the chat refuses it for good."""
    while True:
        try:
            await bot.send_chat_action(
                place.chat_id, ChatAction.UPLOAD_PHOTO, message_thread_id=place.thread_id
            )
        except (TelegramForbiddenError, TelegramBadRequest):
            return
        except (AiogramError, TimeoutError):
            pass
        await asyncio.sleep(CHAT_ACTION_EVERY_S)
