"""The bad answers to looks at jobs, and when fal has given the same one for long enough."""

from collections import Counter
from dataclasses import dataclass

from services.errors import FalError, FalJobFailed, FalResultGone, FalResultUnreadable

ERRORS_BELIEVED = 5
"""How many times in a row fal has to name an error of a job before it counts: for a quarter of a
minute for pictures, for more than one for trainings."""

FINAL_BELIEVED = 2
"""The same where fal says that asking again changes nothing (`X-Fal-Retryable: false`)."""

CRASH_S = 120.0
"""For so long as well where it names none: an app that breaks without a word answers a plain 500
for good (FastAPI's handler of unhandled exceptions), but so may a server of fal's for a moment."""

NOTHING_S = 600.0
"""For so long as well where fal has no such job or result, or a result without a file: neither is
documented to pass by itself, and nobody knows how long fal's servers may disagree."""


@dataclass
class _Alike:
    """Answers of one kind in a row. `since_s` is the age of the job at the first of them."""

    kind: type[FalError]
    since_s: float
    times: int = 0


class Troubles:
    """Counts bad answers in a row, job by job; what another process has seen is not known."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._alike: dict[str, _Alike] = {}

    def __len__(self) -> int:
        """Count the jobs whose last answer was a bad one."""
        return len(self._times)

    def times(self, job_id: str) -> int:
        """Return how many bad answers there were in a row, of any kind."""
        return self._times.get(job_id, 0)

    def note(self, job_id: str, error: FalError, elapsed_s: float) -> int:
        """Count a bad answer; return how many there were in a row.

        Args:
            job_id: Of the row.
            error: What it means.
            elapsed_s: How long fal has had the job.
        """
        self._alike[job_id] = self._alike_with(job_id, error, elapsed_s)
        self._times[job_id] += 1
        return self._times[job_id]

    def forget(self, job_id: str) -> bool:
        """Begin to count from scratch; return whether there was anything to forget."""
        self._alike.pop(job_id, None)
        return self._times.pop(job_id, 0) > 0

    def has_lasted(self, job_id: str, error: FalError, elapsed_s: float) -> bool:
        """Return whether an answer, which is not yet noted, was given often and long enough."""
        alike = self._alike_with(job_id, error, elapsed_s)
        if isinstance(error, FalJobFailed):
            if error.is_final:
                return alike.times >= FINAL_BELIEVED
            least_s = CRASH_S
        elif isinstance(error, FalResultGone | FalResultUnreadable):
            least_s = NOTHING_S
        else:
            return False
        return alike.times >= ERRORS_BELIEVED and elapsed_s - alike.since_s >= least_s

    def _alike_with(self, job_id: str, error: FalError, elapsed_s: float) -> _Alike:
        before = self._alike.get(job_id)
        if before is None or before.kind is not type(error):
            before = _Alike(type(error), elapsed_s)
        return _Alike(before.kind, before.since_s, before.times + 1)
