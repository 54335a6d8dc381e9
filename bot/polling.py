"""Takes updates from Telegram, and confirms them only when they are in the inbox.

aiogram's own polling confirms a batch before its handlers have run, so that a crash or a stop
loses updates, and one update of an unknown form makes it ask for the same batch for ever.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramConflictError,
    TelegramRetryAfter,
)

from bot.intake import Intake
from bot.refusals import WEBHOOK, Refusals
from bot.unless import unless
from bot.updates import Updates
from handlers.telegram.middlewares import is_no_answer
from services.domain.trouble import DatabaseUnavailable

logger = logging.getLogger(__name__)

LONG_POLL_S = 25
"""How long Telegram may hold an empty answer (it allows up to 50)."""

BATCH_SIZE = 100
"""How many updates are asked for at once; Telegram gives no more."""

EXPECTED = (AiogramError, TimeoutError, DatabaseUnavailable)
"""What else goes wrong is a bug, which is waited out, too."""

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 30.0


class Polling:
    """Long polling. Telegram forgets a batch with the next question, which comes after its commit.

    Args:
        bot: Where updates come from.
        intake: Where they go.
        kinds: Which kinds of updates Telegram is to give.
        turn: Returns when it is this process that asks: Telegram answers one at a time.
        refusals: Told of what Telegram refuses.
    """

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        kinds: Sequence[str],
        turn: Callable[[], Awaitable[None]],
        refusals: Refusals,
    ) -> None:
        self._bot = bot
        self._intake = intake
        self._turn = turn
        self._refusals = refusals
        self._updates = Updates(bot, kinds)
        self._offset: int | None = None
        self._failures = 0
        self._refusal = ""

    async def run(self, stop: asyncio.Event) -> None:
        """Take updates until `stop` is set, and confirm the last ones."""
        while not stop.is_set():
            try:
                batch = await unless(stop, self._ask())
                if batch:
                    await self._take(batch)
            except TelegramConflictError as error:
                if WEBHOOK in error.message:
                    await self._remove_webhook()
                await self._wait_out(error, stop)
            except Exception as error:  # noqa: BLE001  # one that is strange is logged as a bug
                await self._wait_out(error, stop)
            else:
                self._note_success()
        await self._confirm()

    async def _ask(self) -> list[dict[str, Any]]:
        await self._turn()
        await self._intake.room()
        return await self._updates.ask(self._offset, BATCH_SIZE, LONG_POLL_S)

    async def _take(self, batch: Sequence[dict[str, Any]]) -> None:
        await self._intake.take(batch)
        # Not the highest ever: after a week without any, Telegram goes on with any number.
        self._offset = max(update["update_id"] for update in batch) + 1

    async def _remove_webhook(self) -> None:
        """Remove the webhook that the start could not, or that somebody has set since."""
        with contextlib.suppress(AiogramError, TimeoutError):
            await self._bot.delete_webhook()

    def _note_success(self) -> None:
        self._failures = 0
        if self._refusal:
            logger.warning("updates are taken again")
            self._refusal = ""

    async def _confirm(self) -> None:
        if self._offset is None:
            return
        try:
            # What this returns is not confirmed and goes to the next process.
            await self._updates.ask(self._offset, limit=1, long_poll_s=0)
        except (AiogramError, TimeoutError) as error:
            # They are known as repeats then.
            logger.warning("the last updates will come again: %s", type(error).__name__)

    async def _wait_out(self, error: Exception, stop: asyncio.Event) -> None:
        self._failures += 1
        self._refusals.note(error)
        # An outage of Telegram is logged where it is noted for all requests.
        if not is_no_answer(error) and not self._refusal:
            self._refusal = _kind(error)
            if isinstance(error, EXPECTED):
                logger.warning(self._refusal)
            else:
                logger.error("updates cannot be taken", exc_info=error)
        delay_s = min(FIRST_RETRY_S * 2.0 ** min(self._failures - 1, 10), LAST_RETRY_S)
        if isinstance(error, TelegramRetryAfter):
            delay_s = max(delay_s, error.retry_after)
        jitter = random.uniform(0.5, 1.0)  # noqa: S311  # no secret
        await unless(stop, asyncio.sleep(delay_s * jitter))


def _kind(error: Exception) -> str:
    if isinstance(error, DatabaseUnavailable):
        return f"updates cannot be kept and stay at Telegram: {error}"
    # A refusal by Telegram is worth its words (a second poller, a revoked token); they hold no
    # token. Decode errors would print what came.
    words = "" if isinstance(error, ClientDecodeError) else getattr(error, "message", "")
    return f"Telegram gives no updates: {type(error).__name__} {words}".strip()
