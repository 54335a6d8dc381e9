"""Sends admins what they must know; implements `services.operator.AdminNotifier`."""

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError

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
        for admin in sorted(await self._access.admins()):
            t = Texts(await self._users.language(admin, None))
            try:
                await self._bot.send_message(admin, t(key, **values))
            except (AiogramError, TimeoutError) as error:
                logger.warning("admin %s cannot be told: %s", admin, type(error).__name__)
