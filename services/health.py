"""Whether an outside service answers: an outage is logged once, and so is its end."""

import logging
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)

DOWN_AFTER = 3
"""So many failures in a row make an outage; one or two are everyday noise."""

FIRST_PAUSE_S = 1.0
LAST_PAUSE_S = 30.0


class Health:
    """Counts failures in a row and says when the next try is worth it.

    Args:
        service: Its name, for the log.
        clock: Seconds that only grow.
    """

    def __init__(self, service: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._service = service
        self._clock = clock
        self._failures = 0
        self._down_since: float | None = None
        self._next_try = 0.0

    @property
    def is_down(self) -> bool:
        """Whether the service is in an outage."""
        return self._down_since is not None

    @property
    def is_worth_trying(self) -> bool:
        """Whether a call may be made now; in an outage only one now and then."""
        return not self.is_down or self._clock() >= self._next_try

    def failed(self, why: str) -> None:
        """Note a call that the service did not answer well."""
        self._failures += 1
        if self._failures < DOWN_AFTER:
            return
        if self._down_since is None:
            self._down_since = self._clock()
            logger.warning("%s does not answer well (%s)", self._service, why)
        pause_s = min(FIRST_PAUSE_S * 2.0 ** min(self._failures - DOWN_AFTER, 10), LAST_PAUSE_S)
        self._next_try = self._clock() + pause_s

    def answered(self) -> None:
        """Note a call that the service answered, be it with a refusal."""
        if self._down_since is not None:
            seconds = round(self._clock() - self._down_since)
            logger.warning("%s answers again after %s s", self._service, seconds)
        self._failures, self._down_since = 0, None
