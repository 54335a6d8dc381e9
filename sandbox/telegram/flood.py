"""Flood limits: token buckets for every chat and for all chats together."""

import math
from dataclasses import dataclass

from sandbox.telegram.config import Bucket, FloodLimits
from sandbox.telegram.errors import too_many_requests


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

    def spend(self, chat_id: int, now: float, *, messages: int = 1) -> None:
        """Take the allowance for messages to a chat; an album counts each of its items.

        Raises:
            ApiError: 429 with the seconds until the messages would pass; nothing is taken then.
        """
        if not self._limits.enabled:
            return
        needed = [
            (self._limits.chat_second, ("second", chat_id)),
            (self._limits.chat_minute, ("minute", chat_id)),
            (self._limits.overall, ("overall", 0)),
        ]
        levels: list[_Level] = []
        wait_s = 0.0
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
