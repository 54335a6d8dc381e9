"""What users are told when the database does not answer."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import Bot
from aiogram.types import Update

from bot.incoming import Json
from bot.reading import understood

logger = logging.getLogger(__name__)

Apology = Callable[[Update], Awaitable[None]]


@dataclass(frozen=True)
class Apologies:
    """How users are told.

    Attributes:
        kept: Their update is safe and will be handled.
        failed: It was tried in vain and will not be handled.
    """

    kept: Apology
    failed: Apology


class Told:
    """Tells each user once in an outage what becomes of what they sent.

    Args:
        bot: Given along with each update.
        apologies: How users are told.
    """

    def __init__(self, bot: Bot, apologies: Apologies) -> None:
        self._bot = bot
        self._apologies = apologies
        self._kept: dict[int, Json] = {}
        self._told: set[int] = set()

    def add_first(self, lane: int, update: Json) -> None:
        """Have a user told of this update, unless another one is known already."""
        self._kept.setdefault(lane, update)

    def add(self, lane: int, update: Json) -> None:
        """Have a user told of this update."""
        self._kept[lane] = update

    def clear(self) -> None:
        """Begin again: the outage is over."""
        self._kept.clear()
        self._told.clear()

    def take_back(self) -> None:
        """Let everybody be told again: something could be kept meanwhile."""
        self._told.clear()

    async def tell_kept(self) -> None:
        """Tell those who were not told yet that what they sent is safe."""
        while self._kept:
            lane, update = self._kept.popitem()
            if lane not in self._told:
                self._told.add(lane)
                await self._tell(self._apologies.kept, update)

    async def tell_failed(self, update: Json) -> None:
        """Tell a user that their update will not be handled."""
        await self._tell(self._apologies.failed, update)

    async def _tell(self, apology: Apology, update: Json) -> None:
        read = understood(update, self._bot)
        if read is None:
            logger.error("update %s has an unknown form", update["update_id"])
        else:
            await apology(read)
