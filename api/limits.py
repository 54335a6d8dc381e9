"""How often one caller may ask: in memory, as money has limits of its own in the database."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus

from api.problems import Refused

MAX_KNOWN = 10_000
"""So many callers are remembered; who asked longest ago is forgotten, and has a full bucket."""


class RateLimit:
    """A bucket of tokens for each caller, which fills up again by and by.

    Args:
        burst: How many requests may come at once.
        per_minute: How many may come in the long run.
        clock: Seconds that only grow.
    """

    def __init__(
        self, burst: int, per_minute: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._per_s = per_minute / 60
        self._clock = clock
        self._buckets: OrderedDict[object, tuple[float, float]] = OrderedDict()

    def take(self, caller: object) -> None:
        """Count a request.

        Raises:
            Refused: 429 with the seconds to wait: too many came.
        """
        at_s = self._clock()
        tokens, since_s = self._buckets.pop(caller, (float(self._burst), at_s))
        tokens = min(self._burst, tokens + (at_s - since_s) * self._per_s)
        is_allowed = tokens >= 1
        self._buckets[caller] = tokens - is_allowed, at_s
        if len(self._buckets) > MAX_KNOWN:
            self._buckets.popitem(last=False)
        if not is_allowed:
            wait_s = math.ceil((1 - tokens) / self._per_s)
            raise Refused(
                HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", wait_s, seconds=wait_s
            )
