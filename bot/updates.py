"""Asks Telegram for updates, of whatever form."""

import logging
from collections.abc import Mapping, Sequence

from aiogram import Bot
from aiogram.exceptions import AiogramError, ClientDecodeError
from aiogram.types import Update
from pydantic import ValidationError

logger = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 15
"""How long an answer may take beyond the long poll."""

Batch = Mapping[int, object]
"""Updates by their numbers, in the order they came; raw when one of them has an unknown form."""


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

    async def ask(self, offset: int | None, limit: int, long_poll_s: int) -> Batch:
        """Confirm what lies below `offset` and give what comes next, at most 100.

        Raises:
            AiogramError: No answer that could be understood; `Unnumbered` is one.
            TimeoutError: No answer in time.
        """
        given: Sequence[object]
        try:
            given = await self._bot.get_updates(
                offset=offset,
                limit=limit,
                timeout=long_poll_s,
                allowed_updates=self._allowed,
                request_timeout=long_poll_s + ANSWER_TIMEOUT_S,
            )
        except ClientDecodeError as error:
            raw = error.data.get("result") if isinstance(error.data, dict) else None
            if not isinstance(raw, list):
                raise
            given = raw
        batch = {number: update for update in given if (number := _number(update)) is not None}
        if given and not batch:
            raise Unnumbered
        return batch

    def parsed(self, update: object) -> Update | None:
        """Give one of a batch as aiogram has it, or None and a line in the log."""
        if isinstance(update, Update):
            return update
        try:
            return Update.model_validate(update, context={"bot": self._bot})
        except ValidationError:
            logger.error("update %s has an unknown form and is skipped", _number(update))  # noqa: TRY400  # its text would hold what the user wrote
            return None


def _number(update: object) -> int | None:
    number = update.get("update_id") if isinstance(update, dict) else None
    if isinstance(update, Update):
        number = update.update_id
    # A negative offset would have Telegram forget all but the last updates.
    return number if isinstance(number, int) and number >= 0 else None
