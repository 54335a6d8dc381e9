"""Notes which updates have been handled, and forgets them when they cannot come again."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from bot.claims import Claims
from db.database import Database
from db.inbox import mark_handled
from services.domain.clock import now
from services.domain.trouble import DatabaseUnavailable

logger = logging.getLogger(__name__)

KEPT = timedelta(hours=25)
"""How long a handled update is known as a repeat. Telegram keeps messages for 24 hours."""

DONE_KEPT = timedelta(days=30)
"""How long it is known what was done for an update; longer than a bot is down before it goes on
with what was cut off."""

SWEEP_EVERY_S = 3600.0


class Handled:
    """What has been handled and is not written down yet.

    Args:
        database: Where the inbox is.
        claims: Whose updates are handled here; what belongs to others by now is not marked.
        pauses_s: How long to wait after a write failed; the last one repeats.
    """

    def __init__(self, database: Database, claims: Claims, pauses_s: Sequence[float]) -> None:
        self._database = database
        self._claims = claims
        self._pauses_s = pauses_s
        self._numbers: set[int] = set()
        self._is_any = asyncio.Event()

    def add(self, update_id: int) -> None:
        """Have an update written down, soon."""
        self._numbers.add(update_id)
        self._is_any.set()

    async def keep_writing(self) -> None:
        """Write down what has been handled, all at once that ended during the last write."""
        failures = 0
        while True:
            await self._is_any.wait()
            try:
                await self.write()
                failures = 0
            except DatabaseUnavailable:
                failures += 1
                await asyncio.sleep(self._pauses_s[min(failures, len(self._pauses_s) - 1)])

    async def write(self) -> None:
        """Write down what has been handled until now.

        Raises:
            DatabaseUnavailable: It is not written; it stays to be.
        """
        self._is_any.clear()
        numbers, self._numbers = self._numbers, set()
        if not numbers:
            return
        try:
            async with self._claims.marking:
                owner = self._claims.owner
                await self._database.by_itself(
                    partial(mark_handled, update_ids=numbers, owner=owner)
                )
                self._claims.forget(numbers)
        except BaseException:
            self._numbers |= numbers
            self._is_any.set()
            raise

    def drop(self) -> None:
        """Forget what is not written down: it belongs to others by now."""
        self._numbers.clear()

    async def keep_forgetting(self) -> None:
        """Forget what was handled so long ago that it cannot come again."""
        while True:
            try:
                async with self._database.transaction() as tx:
                    await tx.inbox.forget_handled(now() - KEPT)
                    await tx.once.forget(now() - DONE_KEPT)
                    await tx.api_requests.forget(now() - DONE_KEPT)
            except DatabaseUnavailable as error:
                logger.warning("handled updates are forgotten later: %s", error)
            await asyncio.sleep(SWEEP_EVERY_S)
