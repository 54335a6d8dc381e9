"""Takes updates from Telegram, and confirms them only when they have been handled.

aiogram's own polling confirms a batch before its handlers have run, so that a crash or a stop
loses updates, and one update of an unknown form makes it ask for the same batch for ever.
"""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramRetryAfter
from aiogram.types import Update

from bot.unconfirmed import Unconfirmed
from bot.updates import Batch, Updates
from handlers.telegram.middlewares import is_no_answer

logger = logging.getLogger(__name__)

LONG_POLL_S = 25
"""How long Telegram may hold an empty answer (it allows up to 50)."""

BATCH_SIZE = 20
"""How many new updates are asked for at once."""

MOST_UNCONFIRMED = 100
"""Telegram gives no more at once, so no new one is seen behind so many that are not confirmed."""

FEW = 5
"""So many slow handlers are somebody's bad luck; more of them are a busy machine."""

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 30.0

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long polling waits for handlers.

    Attributes:
        moment_s: While a few are slow, the next updates are asked for so long after the last
            ones. Telegram gives only one update to who asks the same within 0.5 s.
        busy_s: While many are at work, the next updates are asked for so much later.
        longest_s: A handler at work for so long is let go: it goes on, but its update counts as
            handled, so that Telegram need not give it again and again.
        crowded_s: The same when `MOST_UNCONFIRMED` updates wait for it to end.
        stop_s: How long handlers may go on after the bot was told to stop.
    """

    moment_s: float = 0.75
    busy_s: float = 5.0
    longest_s: float = 60.0
    crowded_s: float = 10.0
    stop_s: float = 10.0


PATIENCE = Patience()


class Polling:
    """Long polling that handles each update at least once.

    Handlers therefore bear to see an update twice. Updates of one user are handled in order (the
    FSM isolation sees to it), those of different users at once.

    Args:
        bot: Where updates come from.
        dispatcher: Handles them.
        patience: How long handlers are waited for.
    """

    def __init__(self, bot: Bot, dispatcher: Dispatcher, patience: Patience = PATIENCE) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._patience = patience
        self._updates = Updates(bot, dispatcher.resolve_used_update_types())
        self._failures = 0
        self._is_refused = False
        self._unconfirmed = Unconfirmed()
        self._handling: dict[asyncio.Task[None], int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Handle updates until `stop` is set; then let handlers end and confirm their updates."""
        while not stop.is_set():
            if len(self._unconfirmed) < MOST_UNCONFIRMED:
                try:
                    batch = await _unless(stop, self._ask())
                except (AiogramError, TimeoutError) as error:
                    await self._wait_out(error, stop)
                    continue
                if batch is not None:
                    self._note_answer()
                    self._take(batch)
            await _unless(stop, self._settle())
        await self._confirm()

    def _note_answer(self) -> None:
        self._failures = 0
        if self._is_refused:
            self._is_refused = False
            logger.warning("Telegram gives updates again")

    async def _ask(self) -> Batch:
        # What is known already is given once more, before what is new.
        limit = min(len(self._unconfirmed) + BATCH_SIZE, MOST_UNCONFIRMED)
        return await self._updates.ask(self._unconfirmed.offset, limit, LONG_POLL_S)

    def _take(self, batch: Batch) -> None:
        for update_id in self._unconfirmed.take(batch, time.monotonic()):
            update = self._updates.parsed(batch[update_id])
            if update is None:
                self._unconfirmed.end(update_id)
            else:
                self._start(update)

    def _start(self, update: Update) -> None:
        task = asyncio.create_task(self._feed(update))  # noqa: TID251  # kept until it has ended
        self._handling[task] = update.update_id
        task.add_done_callback(lambda ended: self._handling.pop(ended, None))

    async def _feed(self, update: Update) -> None:
        try:
            await self._dispatcher.feed_update(self._bot, update)
        except Exception:
            logger.exception("update %s could not be handled", update.update_id)
        self._unconfirmed.end(update.update_id)

    async def _settle(self) -> None:
        deadline_s = time.monotonic() + self._patience.busy_s
        while len(self._at_work()) > FEW and (left_s := deadline_s - time.monotonic()) > 0:
            await asyncio.wait(
                self._at_work(), timeout=left_s, return_when=asyncio.FIRST_COMPLETED
            )
        if at_work := self._at_work():
            await asyncio.wait(at_work, timeout=self._patience.moment_s)
        self._unconfirmed.forget()
        is_full = len(self._unconfirmed) >= MOST_UNCONFIRMED
        limit_s = self._patience.crowded_s if is_full else self._patience.longest_s
        for update_id in self._unconfirmed.let_go(time.monotonic() - limit_s):
            logger.error("update %s is still handled after %s s and let go", update_id, limit_s)

    def _at_work(self) -> list[asyncio.Task[None]]:
        # Those that were let go hold nobody up.
        return [task for task, name in self._handling.items() if name in self._unconfirmed]

    async def _confirm(self) -> None:
        if self._handling:
            await asyncio.wait(self._handling, timeout=self._patience.stop_s)
        cut_off = dict(self._handling)
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)
        if self._unconfirmed.offset is not None:
            # Updates whose handlers were cut off come again, as far as they are not confirmed.
            offset = min((self._unconfirmed.offset, *cut_off.values()))
            try:
                # What this returns is not confirmed and goes to the next process.
                await self._updates.ask(offset, limit=1, long_poll_s=0)
            except (AiogramError, TimeoutError) as error:
                logger.warning("the last updates may come again: %s", type(error).__name__)

    async def _wait_out(self, error: Exception, stop: asyncio.Event) -> None:
        self._failures += 1
        # An outage is logged where it is noted for all requests.
        if not is_no_answer(error) and not self._is_refused:
            self._is_refused = True
            logger.warning("Telegram gives no updates: %s", _kind(error))
        delay_s = min(FIRST_RETRY_S * 2.0 ** min(self._failures - 1, 10), LAST_RETRY_S)
        if isinstance(error, TelegramRetryAfter):
            delay_s = max(delay_s, error.retry_after)
        jitter = random.uniform(0.5, 1.0)  # noqa: S311  # no secret
        await _unless(stop, asyncio.sleep(delay_s * jitter))


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """Do the work, or give it up and give None as soon as `stop` is set."""
    doing = asyncio.create_task(work)  # noqa: TID251  # awaited here
    stopping = asyncio.create_task(stop.wait())  # noqa: TID251  # awaited here
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return doing.result() if doing.done() else None
    finally:
        doing.cancel()
        stopping.cancel()
        await asyncio.gather(doing, stopping, return_exceptions=True)


def _kind(error: Exception) -> str:
    # A refusal by Telegram is worth its words (a second poller, a revoked token); they hold no
    # token. Decode errors would print what came.
    words = "" if isinstance(error, ClientDecodeError) else getattr(error, "message", "")
    return f"{type(error).__name__} {words}".strip()
