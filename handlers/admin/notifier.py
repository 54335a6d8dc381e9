"""Sends admins what they must know; implements `services.operator.AdminNotifier`."""

import logging
from collections.abc import Mapping

from aiogram import Bot
from aiogram.exceptions import AiogramError

from handlers.telegram.keyboards import keyboard_of, look_again_button
from services.users.access import Access
from services.users.service import UserService
from texts.reader import Texts

logger = logging.getLogger(__name__)


class TelegramAdminNotifier:
    """Admins by their Telegram ids; one who never started the bot cannot be written to."""

    def __init__(self, bot: Bot, users: UserService, access: Access) -> None:
        self._bot = bot
        self._users = users
        self._access = access

    async def tell_admins(self, key: str, **values: int | str) -> None:
        """See `AdminNotifier.tell_admins`."""
        await self._tell(key, values)

    async def tell_admins_of_job(
        self, key: str, kind: str, row_id: str, **values: int | str
    ) -> None:
        """See `AdminNotifier.tell_admins_of_job`."""
        await self._tell(key, {"kind": kind, "id": row_id, **values}, (kind, row_id))

    async def _tell(
        self, key: str, values: Mapping[str, int | str], job: tuple[str, str] | None = None
    ) -> None:
        for admin in sorted(await self._access.admins()):
            t = Texts(await self._users.language(admin, None))
            try:
                keyboard = keyboard_of([look_again_button(t, *job)]) if job else None
                await self._bot.send_message(admin, t(key, **values), reply_markup=keyboard)
            except (AiogramError, TimeoutError) as error:
                logger.warning("admin %s cannot be told: %s", admin, type(error).__name__)
