"""Messages that are kept up to date in place."""

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
)

from handlers.telegram.limiter import StaleEdit, background
from services.errors import UserUnreachable
from services.health import Health
from services.jobs.nursery import Nursery

logger = logging.getLogger(__name__)

TROUBLES_IN_A_ROW = 5
"""After so many failures a message waits until it is touched again."""

SHOWN_AT_ONCE = 16
"""So many keys are rendered and sent at a time; the others wait unrendered. Telegram takes 30
messages a second, so these are not stale when it is their turn, also at a third of that rate."""


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
        # Keys that wait in line, are being shown, or pause.
        self._running: set[str] = set()
        self._line: OrderedDict[str, None] = OrderedDict()
        self._showing: dict[str, asyncio.Event] = {}
        self._troubles: Counter[str] = Counter()
        self._settling: dict[str, list[asyncio.Future[bool]]] = {}

    def touch(self, key: str) -> None:
        """Show the key again: now, or when the pause since the last showing is over."""
        self._touched.add(key)
        if key not in self._running:
            self._running.add(key)
            self._line_up(key)

    async def settle(self, key: str) -> bool:
        """Show what is true now, before others that wait, and return when that is done.

        Returns:
            Whether nothing is left to be done: it is shown, or Telegram will never take it.
        """
        settled: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._settling.setdefault(key, []).append(settled)
        self.touch(key)
        if key in self._line:
            self._line.move_to_end(key, last=False)
        return await settled

    async def finished(self, key: str) -> None:
        """Return when no showing of the key is under way."""
        if key in self._showing:
            await self._showing[key].wait()

    def _line_up(self, key: str) -> None:
        self._line[key] = None
        if key in self._settling:
            self._line.move_to_end(key, last=False)
        self._go_on()

    def _go_on(self) -> None:
        while self._line and len(self._showing) < SHOWN_AT_ONCE:
            key, _ = self._line.popitem(last=False)
            self._showing[key] = asyncio.Event()
            self._nursery.start(self._run(key), name=f"{self._kind} message {key}")

    async def _run(self, key: str) -> None:
        """Show a key, pause, and have it wait for its next turn if it was touched meanwhile."""
        is_over = True
        try:
            try:
                is_over = await self._try(key)
            finally:
                self._showing.pop(key).set()
            self._go_on()
            if not is_over:
                await asyncio.sleep(self._interval_s * (1 + self._troubles[key]))
                is_over = key not in self._touched or self._troubles[key] >= TROUBLES_IN_A_ROW
        except BaseException:
            self._end(key)
            raise
        if is_over:
            self._end(key)
        else:
            self._line_up(key)

    def _end(self, key: str) -> None:
        self._running.discard(key)
        self._troubles.pop(key, None)
        _resolve(self._settling.pop(key, []), is_settled=False)

    async def _try(self, key: str) -> bool:
        """Show a key once; return whether it is shown no more, however often it changes."""
        self._touched.discard(key)
        settling = self._settling.pop(key, [])
        try:
            with background():
                await self._show(key)
        except StaleEdit:
            self._put_back(key, settling)
        except (TelegramForbiddenError, UserUnreachable):
            _resolve(settling, is_settled=True)
            return True
        except (TelegramBadRequest, TelegramEntityTooLarge) as error:
            # The same would be refused again; what is true later may not be.
            logger.error("%s message %s: %s", self._kind, key, type(error).__name__)  # noqa: TRY400  # its words may repeat the user's
            _resolve(settling, is_settled=True)
        except (AiogramError, TimeoutError) as error:
            self._troubles[key] += 1
            if not self._health.is_down:
                logger.warning("%s message %s: %s", self._kind, key, type(error).__name__)
            self._put_back(key, settling)
        except BaseException:
            _resolve(settling, is_settled=False)
            raise
        else:
            del self._troubles[key]
            _resolve(settling, is_settled=True)
        return False

    def _put_back(self, key: str, settling: list[asyncio.Future[bool]]) -> None:
        # Rendered again after the pause, from what is true then.
        self._touched.add(key)
        self._settling.setdefault(key, []).extend(settling)


def _resolve(settling: list[asyncio.Future[bool]], *, is_settled: bool) -> None:
    for settled in settling:
        if not settled.done():
            settled.set_result(is_settled)
