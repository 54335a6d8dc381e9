"""Carries unfinished rows through their states, one background task a row."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import nullcontext

from services.errors import DeliveryFailed, FalUnavailable, PhotoUnavailable, UserUnreachable
from services.health import Health
from services.jobs.lanes import LaneClosed
from services.jobs.nursery import Nursery

logger = logging.getLogger(__name__)

FIRST_RETRY_S = 1.0
LAST_RETRY_S = 60.0
DRAIN_S = 10.0
"""How long a stop waits for steps under way."""

PASSING_TROUBLES = (FalUnavailable, PhotoUnavailable, DeliveryFailed)
"""Troubles of others that pass by themselves; anything else a step raises is a bug of ours."""

Step = Callable[[str], Awaitable[float | None]]


class Carrier:
    """Calls a step for each row again and again until the row is finished.

    A step does one thing, saves it, and gives the seconds to wait before the next step, or None
    when nothing is left to do. Whatever it raises, the row is kept and the step is tried again,
    later and later: a row is never dropped. Since all state is in rows, a carrier that is killed
    loses nothing; `resume` picks everything up.

    Args:
        kind: What the rows are, for the log.
        nursery: Owner of the tasks.
        unfinished: Returns the ids of all rows that are not finished.
        step: Takes a row one step on.
        healths: The services that steps need; while one is in an outage, which is logged by
            itself, rows that wait for it are not.
        max_at_once: How many steps may run at the same time; None where steps take turns in lanes.
    """

    def __init__(
        self,
        kind: str,
        nursery: Nursery,
        unfinished: Callable[[], Awaitable[Sequence[str]]],
        step: Step,
        healths: Collection[Health] = (),
        max_at_once: int | None = None,
    ) -> None:
        self._kind = kind
        self._nursery = nursery
        self._unfinished = unfinished
        self._step = step
        self._healths = healths
        self._slots = nullcontext() if max_at_once is None else asyncio.Semaphore(max_at_once)
        self._nudges: dict[str, asyncio.Event] = {}
        self._stepping: dict[str, asyncio.Future[None]] = {}
        self._is_draining = False

    async def resume(self) -> None:
        """Carry every unfinished row: at start, and when somebody returns for whom a row waits."""
        for row_id in await self._unfinished():
            self.carry(row_id)

    def carry(self, row_id: str) -> None:
        """See to a row now: start carrying it, or end the wait before its next step."""
        nudge = self._nudges.get(row_id)
        if nudge is not None:
            nudge.set()
        elif not self._is_draining:
            self._nudges[row_id] = asyncio.Event()
            self._nursery.start(self._carry(row_id), name=f"{self._kind} {row_id}")

    async def drain(self) -> None:
        """Start no step any more and give those under way some time to end.

        A step that is cut off is done again after the restart, but a submit that is cut off leaves
        its outcome unknown, so it is worth waiting for.
        """
        self._is_draining = True
        if self._stepping:
            await asyncio.wait(self._stepping.values(), timeout=DRAIN_S)

    async def _carry(self, row_id: str) -> None:
        nudge = self._nudges[row_id]
        failures = 0
        try:
            while True:
                nudge.clear()
                try:
                    async with self._slots:
                        if self._is_draining:
                            return
                        delay_s = await self._observed_step(row_id)
                    failures = 0
                except LaneClosed:
                    return
                except UserUnreachable:
                    # Carried again when the user writes (perhaps just now), or at the next start.
                    if not nudge.is_set():
                        logger.info("%s %s waits for its user to return", self._kind, row_id)
                        return
                    delay_s = 0.0
                except Exception as error:  # noqa: BLE001  # a row is kept whatever happens
                    failures += 1
                    delay_s = self._delay_after(failures)
                    if isinstance(error, DeliveryFailed) and error.retry_after_s is not None:
                        delay_s = error.retry_after_s
                    self._log(row_id, error, failures)
                if delay_s is None and not nudge.is_set():
                    return
                await _wait(nudge, delay_s or 0)
        finally:
            del self._nudges[row_id]

    async def _observed_step(self, row_id: str) -> float | None:
        ended = asyncio.get_running_loop().create_future()
        self._stepping[row_id] = ended
        try:
            return await self._step(row_id)
        finally:
            del self._stepping[row_id]
            ended.set_result(None)

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


async def _wait(nudge: asyncio.Event, delay_s: float) -> None:
    try:
        async with asyncio.timeout(delay_s):
            await nudge.wait()
    except TimeoutError:
        return
