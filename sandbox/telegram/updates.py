"""The queue of updates: what getUpdates confirms, waits for and loses."""

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from sandbox.telegram.errors import (
    CONFLICT_POLL,
    CONFLICT_SET_WEBHOOK,
    CONFLICT_WEBHOOK,
    conflict,
)
from sandbox.telegram.webhook import Webhook

Json = dict[str, Any]
# Updates of one lane go to a webhook one after another.
Lane = tuple[int, int]

# Seconds an update waits for the bot (telegram-bot-api, Client::add_update and its callers).
_MESSAGE_LIFE_S = 24 * 3600
CALLBACK_LIFE_S = 150
INLINE_LIFE_S = 30
_LIVES_S = {
    "callback_query": CALLBACK_LIFE_S,
    "pre_checkout_query": CALLBACK_LIFE_S,
    "inline_query": INLINE_LIFE_S,
}
_LONG_POLL_MAX_S = 50
_CONFLICT_PAUSE_S = 3.0

_NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}


# Kinds that do not wait behind the messages of their chat (telegram-bot-api, Client.cpp).
_OWN_LANES = {
    "inline_query": 1,
    "callback_query": 3,
    "pre_checkout_query": 4,
    "my_chat_member": 5,
    "message_reaction": 8,
}


@dataclass(frozen=True)
class Update:
    """What waits for the bot.

    Attributes:
        body: the Bot API's Update.
        lane: those of one lane reach a webhook in order.
        expires_at: emulator time after which nobody gets it.
    """

    update_id: int
    body: Json
    lane: Lane
    expires_at: float


def _lane(kind: str, payload: Json) -> Lane:
    owner = payload.get("chat") or payload.get("from") or payload.get("user") or {}
    return _OWN_LANES.get(kind, 0), int(owner.get("id", 0))


@dataclass
class _Poll:
    wakeup: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""


class UpdateQueue:
    """Updates of the one bot, kept until they are confirmed or expire.

    Attributes:
        allowed: update types asked for last; None stands for the default set.
        asked: set once a bot has asked for updates; who starts a bot clears it.
        webhook: where updates are pushed to; while its address is set, getUpdates fails.
        generation: another number whenever what was waiting is forgotten or goes elsewhere.
        changed: set when there is something new to push, or to push differently.
    """

    def __init__(self, *, busy_loop_guard: bool) -> None:
        self.allowed: list[str] | None = None
        self.asked = asyncio.Event()
        self.webhook = Webhook()
        self.generation = 0
        self.changed = asyncio.Event()
        self._guard = busy_loop_guard
        # The first id of a bot is random (core.telegram.org/bots/api#update).
        self._next_id = random.randint(100_000_000, 900_000_000)  # noqa: S311
        self._queue: deque[Update] = deque()
        self._poll: _Poll | None = None
        self._last_call: tuple[int, float] = (-1, 0.0)
        self._next_conflict_at = 0.0

    @property
    def pending(self) -> int:
        """How many updates wait for the bot."""
        return len(self._queue)

    def is_allowed(self, kind: str) -> bool:
        """Whether updates of this type are created now."""
        if self.allowed is None:
            return kind not in _NOT_BY_DEFAULT
        return kind in self.allowed

    def allow(self, kinds: object) -> None:
        """Keep a new `allowed_updates`; an empty list means the default, junk is ignored."""
        if isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds):
            self.allowed = kinds or None

    def add(self, kind: str, payload: Json, now: float) -> bool:
        """Queue an update.

        Args:
            kind: its field name (message, callback_query ...).
            payload: the object.
            now: emulator time, seconds.

        Returns:
            False when the type is not allowed: then it is lost for good.
        """
        if not self.is_allowed(kind):
            return False
        life_s = _LIVES_S.get(kind, _MESSAGE_LIFE_S)
        body = {"update_id": self._next_id, kind: payload}
        self._queue.append(Update(self._next_id, body, _lane(kind, payload), now + life_s))
        self._next_id += 1
        self._wake()
        return True

    def clear(self) -> None:
        """Forget what waits; ids go on."""
        self._queue.clear()
        self._turn()

    def set_webhook(self, webhook: Webhook) -> None:
        """Push to another address from now on, or to none; a waiting poll ends with a 409."""
        self.webhook = webhook
        if webhook.url:
            self._end_poll(CONFLICT_SET_WEBHOOK)
        self._turn()

    def _turn(self) -> None:
        self.generation += 1
        self.changed.set()

    def after(self, update_id: int) -> list[Update]:
        """What waits and is newer than an update."""
        return [update for update in self._queue if update.update_id > update_id]

    def drop(self, update: Update) -> None:
        """A webhook has taken it, or it came too late; nothing happens when it is not here."""
        if update in self._queue:
            self._queue.remove(update)

    def close(self) -> None:
        """Let a waiting poll end: the server is going away."""
        self._wake()

    def _end_poll(self, reason: str) -> None:
        if self._poll is not None:
            self._poll.ended_by = reason
            self._poll.wakeup.set()

    def _wake(self) -> None:
        self.changed.set()
        if self._poll is not None:
            self._poll.wakeup.set()

    def _confirm(self, offset: int, now: float) -> None:
        while self._queue and self._queue[0].expires_at < now:
            self._queue.popleft()
        self._queue = deque(update for update in self._queue if update.expires_at >= now)
        if offset < 0:
            while len(self._queue) > -offset:
                self._queue.popleft()
        elif offset <= self._next_id:
            # An offset from the future is ignored: the head of the queue is given again.
            while self._queue and self._queue[0].update_id < offset:
                self._queue.popleft()

    def _batch(self, limit: int) -> list[Json]:
        return [update.body for update, _ in zip(self._queue, range(limit), strict=False)]

    def _paced(self, offset: int, limit: int, timeout_s: int) -> tuple[int, int]:
        # The server slows clients that ask the same thing in a busy loop (Client.cpp).
        now = time.monotonic()
        last_offset, last_at = self._last_call
        self._last_call = (offset, now)
        if not self._guard or offset != last_offset:
            return limit, timeout_s
        if now < last_at + 0.5:
            limit = 1
        if now < last_at + 3.0 and timeout_s < 3:
            timeout_s = 3
        return limit, timeout_s

    async def get(self, offset: int, limit: int, timeout_s: int, now: float) -> list[Json]:
        """Answer getUpdates.

        Args:
            offset: confirms everything below it; negative keeps only the last ones.
            limit: 1 to 100, already clamped.
            timeout_s: seconds to wait for a first update, clamped to 50.
            now: emulator time, seconds.

        Raises:
            ApiError: 409 when a webhook is set or a newer poll took over.
        """
        if self.webhook.url:
            await self._pause_conflict()
            raise conflict(CONFLICT_WEBHOOK)
        limit, timeout_s = self._paced(offset, limit, min(timeout_s, _LONG_POLL_MAX_S))
        self._confirm(offset, now)
        if self._queue or timeout_s == 0:
            return self._batch(limit)
        return await self._wait(limit, timeout_s)

    async def _wait(self, limit: int, timeout_s: int) -> list[Json]:
        self._end_poll(CONFLICT_POLL)
        poll = _Poll()
        self._poll = poll
        try:
            async with asyncio.timeout(timeout_s):
                await poll.wakeup.wait()
        except TimeoutError:
            return []
        finally:
            if self._poll is poll:
                self._poll = None
        if poll.ended_by:
            await self._pause_conflict()
            raise conflict(poll.ended_by)
        return self._batch(limit)

    async def _pause_conflict(self) -> None:
        # The first conflict is told at once, others within three seconds are held three seconds.
        now = time.monotonic()
        if now < self._next_conflict_at:
            await asyncio.sleep(_CONFLICT_PAUSE_S)
        else:
            self._next_conflict_at = now + _CONFLICT_PAUSE_S
