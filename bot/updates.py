"""Asks Telegram for updates, of whatever form."""

from collections.abc import Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import TelegramMethod

from bot.incoming import Json, number_of

ANSWER_TIMEOUT_S = 15
"""How long an answer may take beyond the long poll."""


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates as aiogram has it, but what comes is not read.

    One update of a form that aiogram does not know would otherwise take its whole batch along.
    """

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int
    timeout: int
    allowed_updates: list[str]


class Unnumbered(AiogramError):
    """Only updates without a number came. None can be confirmed: they would come again at once."""


class Updates:
    """Telegram's queue of updates.

    Args:
        bot: Whose updates.
        allowed: Which kinds of updates Telegram is to give.
    """

    def __init__(self, bot: Bot, allowed: Sequence[str]) -> None:
        self._bot = bot
        self._allowed = list(allowed)

    async def ask(self, offset: int | None, limit: int, long_poll_s: int) -> list[Json]:
        """Confirm what lies below `offset` and return what comes next, at most 100.

        Raises:
            AiogramError: No answer that could be understood; `Unnumbered` is one.
            TimeoutError: No answer in time.
        """
        asking = GetRawUpdates(
            offset=offset, limit=limit, timeout=long_poll_s, allowed_updates=self._allowed
        )
        given = await self._bot(asking, request_timeout=long_poll_s + ANSWER_TIMEOUT_S)
        batch: list[Json] = [update for update in given if number_of(update) is not None]
        if given and not batch:
            raise Unnumbered
        return batch
