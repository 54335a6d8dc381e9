"""Whether fal tells by itself when a job has ended, as it was asked to."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection
from datetime import datetime

from services.domain.clock import now

logger = logging.getLogger(__name__)

CHANNEL = "called"
"""Woken with the names that a call of fal's gives its request; it may have come to any replica."""

PUSHED_POLL_S = 10.0
"""How often a job is looked at although fal tells when it has ended: a call may get lost, and
progress is known by looking alone."""

MISSED = 2
"""So many jobs in a row that ended without a call are told: one is everyday noise."""

GRACE_S = 10.0
"""A look and a call may cross: so long after a look has found an end its call may still come."""

MOST_REMEMBERED = 1000


class Pushes:
    """Says how often jobs are looked at: more rarely while fal's calls come.

    They do not come where PUBLIC_URL is wrong, or a proxy drops them. So jobs are looked at as if
    none were expected until one has come, to this process or to another replica, and again from
    the first job on that ends without its call.

    Attributes:
        is_down: Whether jobs end and no call comes, `MISSED` of them in a row.

    Args:
        are_expected: Whether fal is asked to call.
        grace_s: See `GRACE_S`.
    """

    def __init__(self, *, are_expected: bool = False, grace_s: float = GRACE_S) -> None:
        self.is_down = False
        self._are_expected = are_expected
        self._grace_s = grace_s
        self._are_coming = False
        # An earlier process may not have asked for calls, or have missed them when it ended.
        self._since = now()
        self._called: OrderedDict[str, None] = OrderedDict()
        self._missed: set[str] = set()

    def pace_s(self, poll_s: float) -> float:
        """Return how often a job is looked at that would be every `poll_s` without calls."""
        is_rare = self._are_expected and self._are_coming
        return max(poll_s, PUSHED_POLL_S) if is_rare else poll_s

    def came(self, request_ids: Collection[str]) -> None:
        """Note a call of fal's, which has these names for its request."""
        self._called.update(dict.fromkeys(request_ids))
        while len(self._called) > MOST_REMEMBERED:
            self._called.popitem(last=False)
        self._missed.clear()
        self._are_coming = True
        if self.is_down:
            self.is_down = False
            logger.warning("fal's calls come again; jobs are looked at more rarely")

    def ended(self, request_id: str, submitted_at: datetime | None) -> None:
        """Note that a look has found that a job has ended, whether it was called for or not."""
        if self._are_expected and submitted_at is not None and submitted_at >= self._since:
            asyncio.get_running_loop().call_later(self._grace_s, self._note, request_id)

    def _note(self, request_id: str) -> None:
        if request_id in self._called:
            return
        self._missed.add(request_id)
        self._are_coming = False
        if len(self._missed) >= MISSED and not self.is_down:
            self.is_down = True
            logger.warning(
                "%s jobs have ended without a call of fal's: can PUBLIC_URL be reached from"
                " outside? Until one comes, jobs are looked at every POLL_INTERVAL",
                MISSED,
            )
