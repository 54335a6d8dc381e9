"""Flood limits: token buckets for every chat and for all chats together, and a group's minute."""

import math
from collections import deque
from dataclasses import dataclass

from sandbox.telegram.config import Bucket, FloodLimits
from sandbox.telegram.errors import too_many_requests

_MINUTE_S = 60.0


@dataclass
class _Level:
    tokens: float
    at: float

    def refill(self, bucket: Bucket, now: float) -> None:
        grown = self.tokens + max(0.0, now - self.at) * bucket.per_second
        self.tokens = min(bucket.burst, grown)
        self.at = now


class FloodGate:
    """Counts sends and edits; chat actions, deletions and callback answers are free."""

    def __init__(self, limits: FloodLimits) -> None:
        self._limits = limits
        self._levels: dict[tuple[str, int], _Level] = {}
        self._minutes: dict[int, deque[float]] = {}

    def spend(self, chat_id: int, now: float, *, messages: int = 1) -> None:
        """Take the allowance for messages to a chat; an album counts each of its items.

        Raises:
            ApiError: 429 with the seconds until the messages would pass; nothing is taken then.
        """
        if not self._limits.enabled:
            return
        needed = [
            (self._limits.chat_second, ("second", chat_id)),
            (self._limits.overall, ("overall", 0)),
        ]
        wait_s = 0.0
        minute: deque[float] = deque()
        if chat_id < 0:
            minute = self._minutes.setdefault(chat_id, deque())
            wait_s = self._wait_for_group_s(minute, now, messages)
        else:
            needed.append((self._limits.chat_minute, ("minute", chat_id)))
        levels: list[_Level] = []
        for bucket, key in needed:
            level = self._levels.setdefault(key, _Level(bucket.burst, now))
            level.refill(bucket, now)
            missing = min(messages, bucket.burst) - level.tokens
            wait_s = max(wait_s, missing / bucket.per_second)
            levels.append(level)
        if wait_s > 0:
            raise too_many_requests(max(1, math.ceil(wait_s)))
        for level in levels:
            level.tokens -= messages
        minute.extend([now] * messages)

    def _wait_for_group_s(self, minute: deque[float], now: float, messages: int) -> float:
        while minute and minute[0] <= now - _MINUTE_S:
            minute.popleft()
        above = len(minute) + messages - self._limits.group_minute
        if above <= 0 or not minute:
            return 0.0
        return minute[min(above, len(minute)) - 1] + _MINUTE_S - now
