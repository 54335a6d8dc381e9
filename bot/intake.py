"""Keeps what Telegram gives until it has been handled, and hands it to the handlers.

An update is a row of the inbox before Telegram is told that it arrived, and until its handler has
ended. A crash loses none; what it cut off is handled again, so handlers have to expect one twice
(`db/done_once.py`).
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Self

from aiogram import Bot, Dispatcher
from aiogram.types import Update

from bot import incoming
from bot.apologies import Apologies, Told
from bot.claims import Claims
from bot.handled import Handled
from bot.incoming import Incoming, Json
from bot.lanes import Lanes
from bot.reading import understood
from db.fence import fenced
from db.inbox import Received
from handlers.telegram.limiter import late
from services.domain.trouble import DatabaseUnavailable, LeaseLost
from services.jobs.nursery import Nursery
from services.jobs.replica import Replica

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bounds:
    """How much is taken at once, and for how long.

    Attributes:
        at_once: So many users are served at the same time. Handlers mostly wait, for Telegram or
            for the database.
        waiting: So many updates may wait here; the rest waits at Telegram.
        payloads: So many of them are held in memory as well; the others are read when it is their
            turn.
        longest_s: A handler that takes longer is ended, and its update counts as handled.
        stop_s: How long handlers may go on after the bot was told to stop.
        parts_s: How long a text that may have been split waits for its next part.
        pauses_s: Between looks at a database that does not answer; the last one repeats.
        tries: So often a handler may fail for a database that answers in between.
    """

    at_once: int = 100
    waiting: int = 20_000
    payloads: int = 1_000
    longest_s: float = 60.0
    stop_s: float = 10.0
    parts_s: float = 1.0
    pauses_s: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
    tries: int = 5


BOUNDS = Bounds()


class Intake:
    """Handles updates from the inbox, each user's in order and different users' at once.

    A context: on entering it takes up what was left, on leaving it lets handlers end.

    Args:
        replica: This process, on the database where the inbox is.
        bot: Given to handlers with each update.
        dispatcher: Handles them.
        apologies: What users are told in trouble.
        bounds: What limits the work.
    """

    def __init__(
        self,
        replica: Replica,
        bot: Bot,
        dispatcher: Dispatcher,
        apologies: Apologies,
        bounds: Bounds = BOUNDS,
    ) -> None:
        self._database = replica.database
        self._bot = bot
        self._dispatcher = dispatcher
        self._bounds = bounds
        self._told = Told(bot, apologies)
        self._lanes = Lanes()
        self._claims = Claims(replica, self._queue, self._lanes_to_take, bounds.waiting)
        self._handled = Handled(self._database, self._claims, bounds.pauses_s)
        replica.on_lost(self._drop)
        self._payloads: OrderedDict[int, str] = OrderedDict()
        self._tries: dict[int, int] = {}
        self._handling: set[asyncio.Task[None]] = set()
        self._has_room = asyncio.Event()
        self._is_paused = self._is_lost = self._is_stopping = False
        self._nursery = Nursery()

    async def __aenter__(self) -> Self:
        """Take up what was left by the process before.

        Raises:
            DatabaseUnavailable: It cannot be read.
        """
        await self._claims.take_up()
        self._nursery.keep(self._claims.keep_bringing, name="claims")
        self._nursery.keep(self._handled.keep_writing, name="note of what is handled")
        self._nursery.keep(self._handled.keep_forgetting, name="end of old updates")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Let handlers end, and note which updates are done with. The others are kept."""
        self._is_stopping = True
        if self._handling:
            await asyncio.wait(self._handling, timeout=self._bounds.stop_s)
        await self._nursery.__aexit__()
        try:
            await self._handled.write()
            await self._claims.release()
        except DatabaseUnavailable as error:
            logger.warning("the last updates may be handled again: %s", error)

    async def _drop(self) -> None:
        """Let go of all updates: other replicas have them by now."""
        self._is_lost = True
        for task in self._handling:
            task.cancel()
        if self._handling:
            await asyncio.wait(self._handling, timeout=self._bounds.stop_s)
        self._lanes = Lanes()
        self._payloads.clear()
        self._tries.clear()
        self._handled.drop()
        self._claims.drop()
        self._is_lost = False

    async def room(self) -> None:
        """Return when more updates may be taken."""
        await self._has_room.wait()

    async def take(self, updates: Sequence[Json]) -> None:
        """Keep updates and have them handled; only what was never given before is new.

        Args:
            updates: As Telegram gives them, each with a number.

        Raises:
            DatabaseUnavailable: They could not be kept, and none will be handled.
        """
        in_order = sorted(updates, key=lambda update: update["update_id"])
        moment_s = time.time()
        rows = {}
        for update in in_order:
            one, payload = incoming.read(update, moment_s), incoming.dumped(update)
            rows[one.update_id] = Received(one.update_id, one.lane, one.is_urgent, payload)
        try:
            await self._claims.put(list(rows.values()))
        except DatabaseUnavailable:
            # Telegram keeps messages for a day, so they are safe; pressed buttons are not.
            for update in in_order:
                if "message" in update:
                    self._told.add_first(rows[update["update_id"]].lane, update)
            await self._told.tell_kept()
            raise
        self._told.take_back()

    def _queue(self, rows: Sequence[Received]) -> None:
        moment_s = time.time()
        for row in rows:
            one = incoming.read(incoming.loaded(row.payload), moment_s)
            if len(self._payloads) < self._bounds.payloads:
                self._payloads[one.update_id] = row.payload
            if obsolete := self._lanes.add(one):
                self._end(obsolete)
        self._start()

    def _lanes_to_take(self) -> int:
        if self._is_paused or self._is_lost or self._is_stopping:
            return 0
        return self._bounds.at_once - self._lanes.count()

    def _start(self) -> None:
        while not (self._is_paused or self._is_lost or self._is_stopping) and (
            len(self._handling) < self._bounds.at_once
        ):
            taken = self._lanes.take()
            if taken is None:
                break
            task = self._nursery.start(self._serve(taken), name=f"update {taken.update_id}")
            self._handling.add(task)
            task.add_done_callback(self._served)
        if len(self._lanes) < self._bounds.waiting and not self._claims.is_full:
            self._has_room.set()
        else:
            self._has_room.clear()

    def _served(self, task: asyncio.Task[None]) -> None:
        self._handling.discard(task)
        self._start()
        self._claims.look()

    async def _serve(self, first: Incoming) -> None:
        """Handle one update, and let its lane go on."""
        parts, lanes, owner = [first], self._lanes, self._claims.owner
        try:
            if first.is_part:
                await asyncio.sleep(self._bounds.parts_s)
                parts += lanes.take_parts(first)
            with fenced(owner):
                await self._handle(parts)
        except LeaseLost:
            # All that was claimed is dropped in a moment, see `_drop`.
            self._is_lost = True
        except DatabaseUnavailable as error:
            await self._keep(parts, error)
        else:
            self._end(*parts)
        finally:
            lanes.release(first.lane)

    async def _handle(self, parts: Sequence[Incoming]) -> None:
        """Have the dispatcher handle an update.

        Raises:
            DatabaseUnavailable: The handler failed for the database.
            LeaseLost: The update belongs to another replica by now.
        """
        update = await self._update(parts)
        if update is None:
            return
        try:
            async with asyncio.timeout(self._bounds.longest_s):
                with late(is_so=parts[0].is_late):
                    await self._dispatcher.feed_update(self._bot, update)
        except DatabaseUnavailable:
            raise
        except TimeoutError:
            limit_s, number = self._bounds.longest_s, update.update_id
            logger.error("update %s is not handled after %s s and let go", number, limit_s)  # noqa: TRY400  # where it hung is no news
        except Exception:
            logger.exception("update %s could not be handled", update.update_id)

    async def _update(self, parts: Sequence[Incoming]) -> Update | None:
        """Return the update as aiogram has it, or None and a line in the log."""
        kept = [await self._payload(part.update_id) for part in parts]
        found = [incoming.loaded(payload) for payload in kept if payload is not None]
        if not found:
            return None
        whole = incoming.joined(found) if len(found) > 1 else found[0]
        update = understood(whole, self._bot)
        if update is None:
            logger.error("update %s has an unknown form and is skipped", parts[0].update_id)
        return update

    async def _payload(self, update_id: int) -> str | None:
        if (payload := self._payloads.get(update_id)) is not None:
            return payload
        async with self._database.transaction() as tx:
            return await tx.inbox.payload(update_id)

    def _end(self, *parts: Incoming) -> None:
        for part in parts:
            self._payloads.pop(part.update_id, None)
            self._tries.pop(part.update_id, None)
            self._handled.add(part.update_id)

    async def _keep(self, parts: Sequence[Incoming], error: DatabaseUnavailable) -> None:
        """Have an update wait until the database answers, unless that was tried often enough."""
        first = parts[0]
        tries = self._tries[first.update_id] = self._tries.get(first.update_id, 0) + 1
        if tries >= self._bounds.tries:
            logger.error("update %s is given up for the database: %s", first.update_id, error)
            if payload := self._payloads.get(first.update_id):
                await self._told.tell_failed(incoming.loaded(payload))
            self._end(*parts)
            return
        logger.warning("update %s waits for the database: %s", first.update_id, error)
        for part in reversed(parts):
            self._lanes.put_back(part)
        if payload := self._payloads.get(first.update_id):
            self._told.add(first.lane, incoming.loaded(payload))
        if not self._is_paused:
            self._is_paused = True
            waiting = partial(self._wait_for_database, first.update_id, tries)
            self._nursery.keep(waiting, name="wait for the database")

    async def _wait_for_database(self, update_id: int, tries: int) -> None:
        """Look until the database takes writes again; then go on."""
        while not await self._writes(update_id, self._pause_s(tries)):
            tries += 1
            # Their rows are safe, and it takes longer than a moment.
            await self._told.tell_kept()
        self._told.clear()
        self._is_paused = False
        self._start()

    async def _writes(self, update_id: int, pause_s: float) -> bool:
        await asyncio.sleep(pause_s)
        try:
            async with self._database.transaction() as tx:
                await tx.inbox.touch([update_id])
        except DatabaseUnavailable:
            return False
        return True

    def _pause_s(self, tries: int) -> float:
        return self._bounds.pauses_s[min(tries, len(self._bounds.pauses_s)) - 1]
