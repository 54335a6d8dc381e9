"""How long a job has been looked after, by a clock that only grows."""

import time
from collections.abc import Callable

LONGEST_LAP_S = 300.0
"""More than a pause and all calls of one step take together. A lap that seems longer was a machine
asleep or a clock that leapt, and no time in which fal was asked."""

LONGEST_UNSAVED_S = 300.0
UNSAVED_SHARE = 0.02
"""What a killed process may forget of a job's time: 2 % of its deadline, and five minutes at most.
A look at a job of which nothing has changed writes nothing."""


class Laps:
    """Measures the time between two steps of each job, and keeps what its row does not have yet.

    The wall clock decides nothing: it may be set, and a job would be given up for it.

    Args:
        clock: Seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: dict[str, float] = {}
        self._unsaved: dict[str, float] = {}

    def __len__(self) -> int:
        """Count the jobs that are measured."""
        return len(self._last)

    def lap(self, job_id: str) -> None:
        """Count the seconds since the last lap of a job; none for its first in this process."""
        at = self._clock()
        before = self._last.get(job_id, at)
        self._last[job_id] = at
        lap_s = min(max(at - before, 0.0), LONGEST_LAP_S)
        self._unsaved[job_id] = self._unsaved.get(job_id, 0.0) + lap_s

    def unsaved_s(self, job_id: str) -> float:
        """Return the seconds that a job's row lacks."""
        return self._unsaved.get(job_id, 0.0)

    def is_to_be_saved(self, job_id: str, deadline_s: float) -> bool:
        """Return whether a row lacks more than a killed process may forget."""
        most_s = min(LONGEST_UNSAVED_S, UNSAVED_SHARE * deadline_s)
        return self.unsaved_s(job_id) >= most_s

    def saved(self, job_id: str, seconds: float) -> None:
        """Note that a row has so many seconds more."""
        if job_id in self._unsaved:
            self._unsaved[job_id] = max(0.0, self._unsaved[job_id] - seconds)

    def forget(self, job_id: str) -> None:
        """Measure a job no more."""
        self._last.pop(job_id, None)
        self._unsaved.pop(job_id, None)
