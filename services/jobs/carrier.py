"""Carries unfinished rows through their states, each when it is due."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

from services.domain.trouble import DatabaseUnavailable
from services.errors import (
    DeliveryFailed,
    FalUnavailable,
    PhotoUnavailable,
    StoreUnavailable,
    UserUnreachable,
)
from services.health import Health
from services.jobs.lanes import LaneClosed
from services.jobs.nursery import Nursery
from services.jobs.schedule import Schedule

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 60.0
DRAIN_S = 10.0
"""How long a stop waits for steps under way."""

TICK_S = 0.05
"""What is due within this time begins together, so that it is read from the database together."""

RESUMED_PER_S = 500.0
"""So many rows begin in a second after a start: ten thousand in twenty seconds."""

PASSING_TROUBLES = (
    FalUnavailable,
    PhotoUnavailable,
    DeliveryFailed,
    StoreUnavailable,
    DatabaseUnavailable,
)
"""Troubles of others that pass by themselves; anything else a step raises is a bug of ours."""

Step = Callable[[str], Awaitable[float | None]]


@dataclass(slots=True)
class _Carried:
    """A row in work: `is_nudged` has its next step begin as soon as the present one has ended."""

    failures: int = 0
    is_nudged: bool = False
    is_stepping: bool = False


class Carrier:
    """Calls a step for each row again and again until the row is finished.

    A step does one thing, saves it, and gives the seconds to wait before the next step, or None
    when nothing is left to do. Whatever it raises, the row is kept and the step is tried again,
    later and later: a row is never dropped. Since all state is in rows, a carrier that is killed
    loses nothing. A row that waits is an entry of a schedule; a
    task it has only while it makes a step.

    Args:
        kind: What the rows are, for the log.
        nursery: Owner of the tasks.
        step: Takes a row one step on.
        healths: The services that steps need; while one is in an outage, which is logged by
            itself, rows that wait for it are not.
        max_at_once: How many steps may run at the same time; None where steps take turns in lanes.
    """

    def __init__(
        self,
        kind: str,
        nursery: Nursery,
        step: Step,
        healths: Collection[Health] = (),
        max_at_once: int | None = None,
    ) -> None:
        self._kind = kind
        self._nursery = nursery
        self._step = step
        self._healths = healths
        self._max_at_once = max_at_once
        self._rows: dict[str, _Carried] = {}
        self._schedule = Schedule()
        self._stepping: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._is_running = False
        self._is_draining = False

    def __len__(self) -> int:
        """Count the rows that are carried."""
        return len(self._rows)

    def __contains__(self, row_id: object) -> bool:
        """Return whether a row is carried."""
        return row_id in self._rows

    def begin(self, row_ids: Sequence[str]) -> None:
        """Carry rows that may be many, as after a start; those carried already are seen to now."""
        at = asyncio.get_running_loop().time()
        for number, row_id in enumerate(row_ids):
            if row_id in self._rows:
                self.carry(row_id)
            else:
                self._add(row_id, at + number / RESUMED_PER_S)

    def carry(self, row_id: str) -> None:
        """See to a row now: start carrying it, or end the wait before its next step."""
        row = self._rows.get(row_id)
        if row is None:
            self._add(row_id, asyncio.get_running_loop().time())
            return
        row.is_nudged = True
        if not row.is_stepping:
            self._put(row_id, 0.0)

    async def drain(self) -> None:
        """Start no step any more and give those under way some time to end.

        A step that is cut off is done again after the restart, but a submit that is cut off leaves
        its outcome unknown, so it is worth waiting for.
        """
        self._is_draining = True
        self._changed.set()
        if self._stepping:
            await asyncio.wait(self._stepping, timeout=DRAIN_S)

    def _add(self, row_id: str, at: float) -> None:
        if self._is_draining:
            return
        self._rows[row_id] = _Carried()
        self._schedule.put(row_id, at)
        self._changed.set()
        if not self._is_running:
            self._is_running = True
            self._nursery.keep(self._run, name=f"{self._kind} carrier")

    def _put(self, row_id: str, delay_s: float) -> None:
        self._schedule.put(row_id, asyncio.get_running_loop().time() + delay_s)
        self._changed.set()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while not self._is_draining:
            self._changed.clear()
            until = loop.time() + TICK_S
            while self._has_room and (row_id := self._schedule.pop(until)) is not None:
                self._rows[row_id].is_stepping = True
                task = self._nursery.start(self._advance(row_id), name=f"{self._kind} {row_id}")
                self._stepping.add(task)
                task.add_done_callback(self._ended)
            next_at = self._schedule.next_at if self._has_room else None
            await _wait(self._changed, None if next_at is None else next_at - loop.time())

    @property
    def _has_room(self) -> bool:
        return self._max_at_once is None or len(self._stepping) < self._max_at_once

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._stepping.discard(task)
        self._changed.set()

    async def _advance(self, row_id: str) -> None:
        """Take a row one step on, and have it due again or forget it."""
        row = self._rows[row_id]
        row.is_nudged = False
        delay_s = await self._delay_after_step(row_id, row)
        row.is_stepping = False
        if row.is_nudged:
            delay_s = 0.0
        if delay_s is None or self._is_draining:
            del self._rows[row_id]
        else:
            self._put(row_id, delay_s)

    async def _delay_after_step(self, row_id: str, row: _Carried) -> float | None:
        try:
            delay_s = await self._step(row_id)
        except LaneClosed:
            return None
        except UserUnreachable:
            # Carried again when the user writes, perhaps just now.
            if not row.is_nudged:
                logger.info("%s %s waits for its user to return", self._kind, row_id)
            return None
        except Exception as error:  # noqa: BLE001  # a row is kept whatever happens
            row.failures += 1
            self._log(row_id, error, row.failures)
            if isinstance(error, DeliveryFailed) and error.retry_after_s is not None:
                return max(error.retry_after_s, FIRST_RETRY_S)
            return self._delay_after(row.failures)
        row.failures = 0
        return delay_s

    @staticmethod
    def _delay_after(failures: int) -> float:
        longest = min(FIRST_RETRY_S * 2.0 ** min(failures - 1, 10), LAST_RETRY_S)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311  # jitter, no secret

    def _log(self, row_id: str, error: Exception, failures: int) -> None:
        if not isinstance(error, PASSING_TROUBLES):
            logger.error("%s %s: a step failed", self._kind, row_id, exc_info=error)
        elif failures == 1 and not any(health.is_down for health in self._healths):
            # Its words may be fal's, which may repeat what a person wrote.
            logger.warning("%s %s waits: %s", self._kind, row_id, type(error).__name__)


async def _wait(event: asyncio.Event, delay_s: float | None) -> None:
    try:
        async with asyncio.timeout(delay_s):
            await event.wait()
    except TimeoutError:
        return
