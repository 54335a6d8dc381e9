"""Messages that are kept up to date in place."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
)

from handlers.telegram.limiter import StaleEdit, background
from services.health import Health
from services.jobs.nursery import Nursery

logger = logging.getLogger(__name__)

TROUBLES_IN_A_ROW = 5
"""After so many failures a message waits until it is touched again."""


class LiveMessage:
    """Shows one message a key, newest state only, with at least `interval_s` between two edits.

    Touches that come while the pause runs are one touch: however fast things change, what is
    shown next is what is true then.

    Args:
        kind: What is shown, for the log.
        nursery: Owner of the tasks.
        show: Renders the key's present state and sends or edits its message.
        interval_s: The pause after each showing.
        health: Telegram's; while it is in an outage, single failures are not logged.
    """

    def __init__(
        self,
        kind: str,
        nursery: Nursery,
        show: Callable[[str], Awaitable[None]],
        interval_s: float,
        health: Health,
    ) -> None:
        self._kind = kind
        self._nursery = nursery
        self._show = show
        self._interval_s = interval_s
        self._health = health
        self._touched: set[str] = set()
        self._running: set[str] = set()
        self._showing: dict[str, asyncio.Event] = {}
        self._settling: dict[str, list[asyncio.Future[bool]]] = {}

    def touch(self, key: str) -> None:
        """Show the key again: now, or when the pause since the last showing is over."""
        self._touched.add(key)
        if key not in self._running:
            self._running.add(key)
            self._nursery.start(self._run(key), name=f"{self._kind} message {key}")

    async def settle(self, key: str) -> bool:
        """Show what is true now, and return when it is shown, or cannot be.

        Returns:
            Whether nothing is left to be done: it is shown, or Telegram will never take it.
        """
        settled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._settling.setdefault(key, []).append(settled)
        self.touch(key)
        return await settled

    async def finished(self, key: str) -> None:
        """Return when no showing of the key is under way."""
        if key in self._showing:
            await self._showing[key].wait()

    async def _run(self, key: str) -> None:
        troubles = 0
        try:
            while key in self._touched and troubles < TROUBLES_IN_A_ROW:
                self._touched.discard(key)
                settling = self._settling.pop(key, [])
                try:
                    await self._show_once(key)
                except StaleEdit:
                    self._put_back(key, settling)
                except TelegramForbiddenError:
                    _resolve(settling, is_settled=True)
                    return
                except (TelegramBadRequest, TelegramEntityTooLarge) as error:
                    # The same would be refused again; what is true later may not be.
                    logger.error("%s message %s: %s", self._kind, key, type(error).__name__)  # noqa: TRY400  # its words may repeat the user's
                    _resolve(settling, is_settled=True)
                except (AiogramError, TimeoutError) as error:
                    troubles += 1
                    if not self._health.is_down:
                        logger.warning("%s message %s: %s", self._kind, key, type(error).__name__)
                    self._put_back(key, settling)
                else:
                    troubles = 0
                    _resolve(settling, is_settled=True)
                await asyncio.sleep(self._interval_s * (1 + troubles))
        finally:
            self._running.discard(key)
            _resolve(self._settling.pop(key, []), is_settled=False)

    async def _show_once(self, key: str) -> None:
        self._showing[key] = ended = asyncio.Event()
        try:
            with background():
                await self._show(key)
        finally:
            del self._showing[key]
            ended.set()

    def _put_back(self, key: str, settling: list[asyncio.Future[bool]]) -> None:
        # Rendered again after the pause, from what is true then.
        self._touched.add(key)
        self._settling.setdefault(key, []).extend(settling)


def _resolve(settling: list[asyncio.Future[bool]], *, is_settled: bool) -> None:
    for settled in settling:
        if not settled.done():
            settled.set_result(is_settled)
