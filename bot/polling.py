"""Takes updates from Telegram, and confirms them only when they have been handled.

aiogram's own polling confirms a batch before its handlers have run, so that a crash or a stop
loses updates, and one update of an unknown form makes it ask for the same batch for ever.
"""

import asyncio
import logging
import random
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramRetryAfter
from aiogram.types import Update
from pydantic import ValidationError

logger = logging.getLogger(__name__)

LONG_POLL_S = 25
"""How long Telegram may hold an empty answer (it allows up to 50)."""

REQUEST_TIMEOUT_S = LONG_POLL_S + 15

BATCH_WAIT_S = 5.0
"""How long the next batch waits for the handlers of this one. Slower handlers go on beside it and
their updates count as handled: one slow user must not hold up all others."""

BATCH_SIZE = 20
"""So few that their handlers end within `BATCH_WAIT_S` on a busy machine as well: an update whose
handler is slower is confirmed while it runs, and a crash at that moment would lose it."""

STOP_WAIT_S = 10.0
"""How long handlers may go on after the bot was told to stop."""

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 30.0

Batch = Sequence[tuple[int, Update | None]]
"""Update ids with their updates; None for one of a form that is not known."""

T = TypeVar("T")


class Polling:
    """Long polling that handles each update at least once.

    Handlers therefore bear to see an update twice. Updates of one user are handled in order (the
    FSM isolation sees to it), those of different users at once.

    Args:
        bot: Where updates come from.
        dispatcher: Handles them.
        batch_wait_s: See `BATCH_WAIT_S`.
        stop_wait_s: See `STOP_WAIT_S`.
    """

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        batch_wait_s: float = BATCH_WAIT_S,
        stop_wait_s: float = STOP_WAIT_S,
    ) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._batch_wait_s = batch_wait_s
        self._stop_wait_s = stop_wait_s
        self._allowed = dispatcher.resolve_used_update_types()
        self._offset: int | None = None
        self._failures = 0
        self._handling: dict[asyncio.Task[None], int] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Handle updates until `stop` is set; then let handlers end and confirm their updates."""
        while not stop.is_set():
            try:
                batch = await _unless(stop, self._ask(LONG_POLL_S))
            except (AiogramError, TimeoutError) as error:
                await self._wait_out(error, stop)
                continue
            if self._failures:
                logger.info("Telegram gives updates again")
                self._failures = 0
            if batch:
                await self._handle(batch, stop)
        await self._confirm()

    async def _ask(self, long_poll_s: int, limit: int = BATCH_SIZE) -> Batch:
        try:
            updates = await self._bot.get_updates(
                offset=self._offset,
                limit=limit,
                timeout=long_poll_s,
                allowed_updates=self._allowed,
                request_timeout=REQUEST_TIMEOUT_S,
            )
        except ClientDecodeError as error:
            raw = error.data.get("result") if isinstance(error.data, dict) else None
            if not isinstance(raw, list):
                raise
            return [self._parse(item) for item in raw]
        return [(update.update_id, update) for update in updates]

    def _parse(self, raw: dict[str, Any]) -> tuple[int, Update | None]:
        try:
            return raw["update_id"], Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError:
            logger.error("update %s has an unknown form and is skipped", raw["update_id"])  # noqa: TRY400  # its text would hold what the user wrote
            return raw["update_id"], None

    async def _handle(self, batch: Batch, stop: asyncio.Event) -> None:
        tasks = [self._start(update) for _, update in batch if update is not None]
        if tasks:
            wait_s = self._stop_wait_s if stop.is_set() else self._batch_wait_s
            await asyncio.wait(tasks, timeout=wait_s)
        self._offset = max(update_id for update_id, _ in batch) + 1

    def _start(self, update: Update) -> asyncio.Task[None]:
        task = asyncio.create_task(self._feed(update))  # noqa: TID251  # kept until it has ended
        self._handling[task] = update.update_id
        task.add_done_callback(lambda ended: self._handling.pop(ended, None))
        return task

    async def _feed(self, update: Update) -> None:
        try:
            await self._dispatcher.feed_update(self._bot, update)
        except Exception:
            logger.exception("update %s could not be handled", update.update_id)

    async def _confirm(self) -> None:
        if self._handling:
            await asyncio.wait(self._handling, timeout=self._stop_wait_s)
        cut_off = dict(self._handling)
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)
        if self._offset is not None:
            # Updates whose handlers were cut off come again, as far as they are not confirmed.
            self._offset = min((self._offset, *cut_off.values()))
            try:
                # What this returns is not confirmed and goes to the next process.
                await self._ask(0, limit=1)
            except (AiogramError, TimeoutError) as error:
                logger.warning("the last updates may come again: %s", type(error).__name__)

    async def _wait_out(self, error: Exception, stop: asyncio.Event) -> None:
        self._failures += 1
        if self._failures == 1:
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
    if isinstance(error, ClientDecodeError) or not isinstance(error, AiogramError):
        return type(error).__name__
    return f"{type(error).__name__}: {getattr(error, 'message', '')}"
