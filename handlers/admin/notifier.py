"""Sends admins what they must know; implements `services.operator.AdminNotifier`."""

import logging
from collections.abc import Iterable

from aiogram import Bot
from aiogram.exceptions import AiogramError

from services.users.service import UserService
from texts.reader import Texts

logger = logging.getLogger(__name__)


class TelegramAdminNotifier:
    """Admins by their Telegram ids; one who never started the bot cannot be written to."""

    def __init__(self, bot: Bot, users: UserService, admins: Iterable[int]) -> None:
        self._bot = bot
        self._users = users
        self._admins = tuple(admins)

    async def tell_admins(self, key: str, **values: int | str) -> None:
        """See `AdminNotifier.tell_admins`."""
        for admin in self._admins:
            t = Texts(await self._users.language(admin, None))
            try:
                await self._bot.send_message(admin, t(key, **values))
            except (AiogramError, TimeoutError) as error:
                logger.warning("admin %s cannot be told: %s", admin, type(error).__name__)
