"""Sends richer versions of prompts, thought of behind the press that asked for them."""

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError

from handlers.generate import improving_screens
from handlers.generate.callbacks import Improve
from handlers.telegram.messages import send_card
from services.domain.values import Place
from services.generation.improving import Improvements, Source
from services.jobs.nursery import Nursery
from texts.reader import Texts

logger = logging.getLogger(__name__)


class ImprovementSender:
    """Thinks of one version at a time for each user.

    After a crash nothing is sent: the button is still there, and nothing was ordered.
    """

    def __init__(self, bot: Bot, improvements: Improvements, nursery: Nursery) -> None:
        self._bot = bot
        self._improvements = improvements
        self._nursery = nursery
        self._under_way: set[int] = set()

    async def send(
        self, user_id: int, place: Place, t: Texts, source: Source, button: Improve
    ) -> None:
        """Have a richer version sent, unless one is on its way.

        Raises:
            DomainError: See `Improvements.of`.
        """
        await self._improvements.check(user_id, source)
        if user_id not in self._under_way:
            self._under_way.add(user_id)
            work = self._send(user_id, place, t, source, button)
            self._nursery.start(work, name=f"a better prompt for {user_id}")

    async def _send(
        self, user_id: int, place: Place, t: Texts, source: Source, button: Improve
    ) -> None:
        try:
            found = await self._improvements.of(user_id, source)
            await send_card(self._bot, place, improving_screens.improved(t, found, button))
        except (AiogramError, TimeoutError) as error:
            logger.warning("a better prompt for %s: %s", user_id, type(error).__name__)
        finally:
            self._under_way.discard(user_id)
