"""How often one caller may ask: in memory, as money has limits of its own in the database."""

import math
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        tokens = self._tokens(caller, at_s)
        self._buckets[caller] = tokens - (tokens >= 1), at_s
        self._buckets.move_to_end(caller)
        if len(self._buckets) > MAX_KNOWN:
            self._buckets.popitem(last=False)
        self._refuse_below_one(tokens)

    def check(self, caller: object) -> None:
        """Return if a request would be counted now; this counts none.

        Raises:
            Refused: As `take`.
        """
        self._refuse_below_one(self._tokens(caller, self._clock()))

    def _tokens(self, caller: object, at_s: float) -> float:
        tokens, since_s = self._buckets.get(caller, (float(self._burst), at_s))
        return min(self._burst, tokens + (at_s - since_s) * self._per_s)

    def _refuse_below_one(self, tokens: float) -> None:
        if tokens < 1:
            wait_s = math.ceil((1 - tokens) / self._per_s)
            raise Refused(
                HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", wait_s, seconds=wait_s
            )


class RightLately:
    """Digests of keys that were right when they were last looked up.

    It lets nobody in, as a key may be revoked meanwhile; it says which are worth a look. Of more
    than `MAX_KNOWN`, what was used longest ago is forgotten.
    """

    def __init__(self) -> None:
        self._digests: OrderedDict[str, None] = OrderedDict()

    def __contains__(self, digest: str) -> bool:
        """Return whether a key was right."""
        return digest in self._digests

    def note(self, digest: str, *, is_right: bool) -> None:
        """Remember what a look has found."""
        self._digests.pop(digest, None)
        if is_right:
            self._digests[digest] = None
        if len(self._digests) > MAX_KNOWN:
            self._digests.popitem(last=False)


@contextmanager
def counted(places: Counter[int], user_id: int) -> Iterator[None]:
    """Count a place that somebody has while this goes on; nothing stays of who has none."""
    places[user_id] += 1
    try:
        yield
    finally:
        places[user_id] -= 1
        if not places[user_id]:
            del places[user_id]
