"""Wakes whoever waits for something in the database, in this process and in all others.

A wake says only that it is time to look. It may come twice and, while the connection is down, not
at all: whoever depends on it looks now and then as well.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from db.unavailable import is_unavailable, note_failed_connecting

logger = logging.getLogger(__name__)

Heard = Callable[[str], None]
"""Called with what was published, or with an empty text when something may have been missed."""

CHANNEL = "neurophoto"
"""The one channel at PostgreSQL; ours are told apart by the first word of what is sent."""

RECONNECT_S = 1.0
LOOK_EVERY_S = 15.0
"""A connection that died without a word is found by asking through it."""

_NOTIFY = text("SELECT pg_notify(:channel, :words)")


class Wakes:
    """Those who wait, by channel.

    Args:
        url: Of the database; PostgreSQL's NOTIFY reaches other processes, and on SQLite there is
            one.
    """

    def __init__(self, url: str, *, is_shared: bool) -> None:
        self._url = url
        self._is_shared = is_shared
        self._heard: dict[str, list[Heard]] = defaultdict(list)

    def subscribe(self, channel: str, heard: Heard) -> None:
        """Have a function called, on the event loop, with what is published on a channel."""
        self._heard[channel].append(heard)

    async def publish(self, session: AsyncSession, channel: str, words: str = "") -> None:
        """Wake all subscribers when the transaction has been committed, and only then.

        Args:
            session: The transaction.
            channel: One word.
            words: What to say; at most 7,000 bytes.
        """
        if self._is_shared:
            await session.execute(_NOTIFY, {"channel": CHANNEL, "words": f"{channel} {words}"})
            return

        def deliver(_: object) -> None:
            asyncio.get_running_loop().call_soon(self._deliver, channel, words)

        event.listen(session.sync_session, "after_commit", deliver, once=True)

    async def listen(self) -> None:
        """Pass on what other processes publish, for as long as it runs."""
        if not self._is_shared:
            return
        is_down = False
        while True:
            try:
                await self._listen()
            except Exception as error:
                if not is_unavailable(error):
                    raise
                if not is_down:
                    logger.warning("wake-ups are not heard for now: %s", type(error).__name__)
                is_down = True
            else:
                is_down = False
            await asyncio.sleep(RECONNECT_S)

    async def _listen(self) -> None:
        """Listen until the connection ends."""
        engine = create_async_engine(self._url, poolclass=NullPool, hide_parameters=True)
        note_failed_connecting(engine)
        ended = asyncio.Event()
        try:
            async with engine.connect() as connection:
                driver: Any = (await connection.get_raw_connection()).driver_connection
                driver.add_termination_listener(lambda *_: ended.set())
                await driver.add_listener(CHANNEL, self._notified)
                for channel in self._heard:
                    self._deliver(channel, "")
                while not ended.is_set():
                    try:
                        async with asyncio.timeout(LOOK_EVERY_S):
                            await ended.wait()
                    except TimeoutError:
                        await driver.fetchval("SELECT 1", timeout=LOOK_EVERY_S)
        finally:
            await engine.dispose()

    def _notified(self, _connection: object, _pid: int, _channel: str, said: str) -> None:
        channel, _, words = said.partition(" ")
        self._deliver(channel, words)

    def _deliver(self, channel: str, words: str) -> None:
        for heard in self._heard[channel]:
            heard(words)
