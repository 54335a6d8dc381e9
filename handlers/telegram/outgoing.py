"""Messages the bot sends by itself, and keeps up to date."""

import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramRetryAfter,
)

from handlers.telegram.limiter import brief
from handlers.telegram.messages import send_card
from handlers.telegram.screen import Screen
from services.domain.values import Place, SentMessage
from services.errors import DeliveryFailed, UserUnreachable
from services.health import Health
from services.jobs.nursery import Nursery
from services.users.reach import Reach

logger = logging.getLogger(__name__)

SHOWN_REMEMBERED = 20_000
"""Some 150 bytes each."""


@dataclass(frozen=True)
class Outgoing:
    """How messages reach a user that are no answer to an update.

    `health` is Telegram's. `is_alone` tells whether no other process edits the same messages now.
    """

    bot: Bot
    reach: Reach
    nursery: Nursery
    health: Health
    is_alone: Callable[[], bool] = lambda: True

    async def send(self, user_id: int, place: Place, screen: Screen) -> None:
        """Send a message; one that Telegram will never take counts as sent.

        Raises:
            UserUnreachable: The user has blocked the bot, or the chat is gone.
            DeliveryFailed: Telegram did not take it; try again later.
        """
        async with self.reaching(user_id):
            await send_card(self.bot, place, screen)

    @asynccontextmanager
    async def reaching(self, user_id: int) -> AsyncIterator[None]:
        """Turn Telegram's refusals into errors of ours, and remember who cannot be reached.

        What Telegram will never take is given up, since the same words would be refused again for
        ever: the user finds what there is in /status, /models and /gallery.

        Raises:
            UserUnreachable: The user has blocked the bot, or the chat is gone.
            DeliveryFailed: Telegram did not take it; try again later.
        """
        try:
            with brief():
                yield
        except TelegramRetryAfter as error:
            raise DeliveryFailed(type(error).__name__, float(error.retry_after)) from error
        except TelegramForbiddenError as error:
            await self.reach.note_unreachable(user_id)
            raise UserUnreachable(type(error).__name__) from error
        except (TelegramBadRequest, TelegramEntityTooLarge) as error:
            if is_about_chat(error):
                await self.reach.note_unreachable(user_id)
                raise UserUnreachable(type(error).__name__) from error
            # Telegram's words may repeat what the user wrote; its kind says enough.
            logger.error("a message to user %s is refused: %s", user_id, type(error).__name__)  # noqa: TRY400  # see above
        except (AiogramError, TimeoutError) as error:
            raise DeliveryFailed(type(error).__name__) from error

    async def delete(self, message: SentMessage) -> None:
        """Delete a message if it still can be."""
        with contextlib.suppress(AiogramError, TimeoutError):
            await self.bot.delete_message(message.chat_id, message.message_id)


def is_about_chat(error: Exception) -> bool:
    """Return whether Telegram refused because of the chat, whatever was sent into it.

    Texts of the Bot API server's own source (tdlib/telegram-bot-api, Client.cpp).
    """
    words = str(getattr(error, "message", "")).lower()
    return "chat not found" in words or "user not found" in words or "peer_id_invalid" in words


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a message shows now: its screen's digest."""

    message_id: int
    digest: int

    @classmethod
    def of(cls, message_id: int, screen: Screen) -> Self:
        """Return that a message shows a screen."""
        keyboard = screen.keyboard.model_dump_json() if screen.keyboard else None
        return cls(message_id, hash((screen.text, screen.photo, keyboard)))


class ScreensInPlace:
    """Shows screens in messages that are edited in place, but not by edits that change nothing.

    What a message shows is known only while no other process may have edited it.

    Args:
        outgoing: How the user is reached.
    """

    def __init__(self, outgoing: Outgoing) -> None:
        self._bot = outgoing.bot
        self._reach = outgoing.reach
        self._is_alone = outgoing.is_alone
        self._shown: dict[str, _Shown] = {}

    async def put(self, key: str, place: Place, message_id: int | None, screen: Screen) -> int:
        """Show a screen in its message, or in a new one where there is none any more.

        Args:
            key: What is shown, such as the id of a training.
            place: Where.
            message_id: The message that shows it now, if any.
            screen: What it shows from now on.

        Returns:
            The id of the message that shows it.

        Raises:
            UserUnreachable: The user has blocked the bot, and has not returned.
        """
        # A private chat has its user's id.
        if await self._reach.is_unreachable(place.chat_id):
            raise UserUnreachable("away")
        try:
            return await self._put(key, place, message_id, screen)
        except TelegramForbiddenError as error:
            await self._reach.note_unreachable(place.chat_id)
            raise UserUnreachable(type(error).__name__) from error

    async def _put(self, key: str, place: Place, message_id: int | None, screen: Screen) -> int:
        if not self._is_alone():
            self._shown.clear()
        shown = self._shown.get(key)
        if message_id is None:
            message_id = await self._send(place, screen)
        elif shown != _Shown.of(message_id, screen):
            message_id = await self._edit(place, message_id, screen)
        self._shown.pop(key, None)
        if len(self._shown) >= SHOWN_REMEMBERED:
            # What was shown longest ago. Forgotten, it costs one edit that changes nothing.
            del self._shown[next(iter(self._shown))]
        if self._is_alone():
            self._shown[key] = _Shown.of(message_id, screen)
        return message_id

    def forget(self, key: str) -> None:
        """Forget what is shown for a key: nothing will be shown for it any more."""
        self._shown.pop(key, None)

    async def _send(self, place: Place, screen: Screen) -> int:
        return (await send_card(self._bot, place, screen)).message_id

    async def _edit(self, place: Place, message_id: int, screen: Screen) -> int:
        try:
            await self._bot.edit_message_text(
                screen.text,
                chat_id=place.chat_id,
                message_id=message_id,
                reply_markup=screen.keyboard,
            )
        except TelegramBadRequest as error:
            if "message is not modified" in error.message:
                return message_id
            if "message to edit not found" in error.message or "can't be edited" in error.message:
                return await self._send(place, screen)
            raise
        return message_id
