"""How long a job has been looked after, by a clock that only grows."""

import time
from collections.abc import Callable

LONGEST_LAP_S = 300.0
"""More than a pause and all calls of one step take together. A lap that seems longer was a machine
asleep or a clock that leapt, and no time in which fal was asked."""


class Laps:
    """Measures the time between two steps of each job.

    The wall clock decides nothing: it may be set, and a job would be given up for it.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}

    def lap_s(self, job_id: str) -> float:
        """Return the seconds since the last lap of a job; 0 for its first in this process."""
        at = self._clock()
        before = self._last.get(job_id, at)
        self._last[job_id] = at
        return min(max(at - before, 0.0), LONGEST_LAP_S)

    def forget(self, job_id: str) -> None:
        """Measure a job no more."""
        self._last.pop(job_id, None)
