"""The stream of things that happened, for pages that follow along."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from typing import Any

Event = dict[str, Any]

_KEPT_EVENTS = 5000
PING_S = 15.0
WAIT_S = 1.0


class EventLog:
    """Numbered events in memory; readers resume after any number they have seen.

    Numbers start at the wall clock in milliseconds, so they grow across restarts too: a reader
    that comes back to a new process is recognised and told to load everything again.
    """

    def __init__(self) -> None:
        self._first = int(time.time() * 1000)
        self._last = self._first
        self._events: deque[Event] = deque(maxlen=_KEPT_EVENTS)
        self._wakeups: set[asyncio.Event] = set()
        self._closed = False

    @property
    def last(self) -> int:
        """Number of the newest event; a stream opened after it brings only what is newer."""
        return self._last

    def publish(self, kind: str, chat_id: int | None = None, **fields: object) -> None:
        """Append an event.

        Args:
            kind: its type (message, edited, deleted, call, state ...).
            chat_id: the chat it belongs to; None reaches every reader.
            fields: what else it says, JSON values.
        """
        self._last += 1
        self._events.append({"seq": self._last, "type": kind, "chat_id": chat_id, **fields})
        for wakeup in self._wakeups:
            wakeup.set()

    def close(self) -> None:
        """End every stream: the server is going away."""
        self._closed = True
        for wakeup in self._wakeups:
            wakeup.set()

    def _gap(self, after: int) -> bool:
        oldest = self._events[0]["seq"] if self._events else self._last + 1
        return after > self._last or (0 < after < oldest - 1)

    async def follow(self, after: int | None, chat_id: int | None) -> AsyncIterator[Event | None]:
        """Yield events as they come, and None every 15 quiet seconds.

        Args:
            after: the last number seen; 0 replays everything kept; None starts with what comes
                next. When events after it are gone, a `reset` comes first: load a snapshot.
            chat_id: only this chat's events and those of no chat; None gives all.
        """
        cursor = self._last if after is None else after
        if after is not None and self._gap(after):
            cursor = self._last
            yield {"seq": cursor, "type": "reset", "chat_id": None}
        wakeup = asyncio.Event()
        self._wakeups.add(wakeup)
        try:
            while not self._closed:
                wakeup.clear()
                fresh = [event for event in self._events if event["seq"] > cursor]
                for event in fresh:
                    cursor = event["seq"]
                    if chat_id is None or event["chat_id"] in {None, chat_id}:
                        yield event
                if not fresh and not await _woken(wakeup, PING_S):
                    yield None
        finally:
            self._wakeups.discard(wakeup)

    async def wait(self, chat_id: int, after: int) -> None:
        """Return when something happens in a chat, or has since an event, or a second is over.

        Args:
            chat_id: the chat.
            after: the number of the event; what is no longer kept since it is taken to matter.
        """
        wakeup = asyncio.Event()
        self._wakeups.add(wakeup)
        try:
            while not (self._closed or self._gap(after) or self._in_chat(chat_id, after)):
                after = self._last
                wakeup.clear()
                if not await _woken(wakeup, WAIT_S):
                    return
        finally:
            self._wakeups.discard(wakeup)

    def _in_chat(self, chat_id: int, after: int) -> bool:
        for event in reversed(self._events):
            if event["seq"] <= after:
                break
            if event["chat_id"] == chat_id or event["type"] == "reset":
                return True
        return False


async def _woken(wakeup: asyncio.Event, patience_s: float) -> bool:
    try:
        async with asyncio.timeout(patience_s):
            await wakeup.wait()
    except TimeoutError:
        return False
    return True
