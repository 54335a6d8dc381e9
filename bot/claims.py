"""Which of the waiting updates this process handles: all, or its part of a shared inbox."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from functools import partial

from db import inbox, shared_inbox
from db.database import Database
from db.inbox import Received
from db.shared_inbox import GIVEN_AT_ONCE, Kept
from services.domain.trouble import DatabaseUnavailable, LeaseLost
from services.jobs.replica import Replica

logger = logging.getLogger(__name__)

CHANNEL = "inbox"
"""Woken with the number of the replica that was given an update, or without one for all."""

LOOK_EVERY_S = 5.0
"""Wake-ups come at once; this finds what they missed."""

RETRIES = 3


class Claims:
    """Puts updates into the inbox, and brings those that are this replica's.

    On PostgreSQL a replica has whole lanes, as many as it serves at once, and all that comes for
    them, whichever replica was given it. On SQLite there is one process, which has them all.

    Attributes:
        marking: Held by what writes down which updates are handled, and by what reads which are
            not: else one that ends in between would be read once more.

    Args:
        replica: This process.
        queue: Called with what is to be handled here, in order.
        room: Returns how many more lanes may be taken.
        waiting: So many updates may wait, in all hands.
    """

    def __init__(
        self,
        replica: Replica,
        queue: Callable[[Sequence[Received]], None],
        room: Callable[[], int],
        waiting: int,
    ) -> None:
        self._replica = replica
        self._database: Database = replica.database
        self._queue = queue
        self._room = room
        self._waiting = waiting
        self.marking = asyncio.Lock()
        # What is in memory, and lanes for which more is being put.
        self._known: set[int] = set()
        self._putting: Counter[int] = Counter()
        self._look_now = asyncio.Event()
        self._has_more = self._is_skipped = self.is_full = False
        self._database.wakes.subscribe(CHANNEL, self._heard)
        replica.on_seen(self._look_now.set)

    @property
    def owner(self) -> int | None:
        """The number under which updates are handled now; None where there is nobody else."""
        return self._replica.id if self._database.is_shared else None

    def _heard(self, words: str) -> None:
        if words in ("", str(self._replica.id)):
            self._look_now.set()

    def look(self) -> None:
        """See to it that free lanes are taken, if there were more than there was room for."""
        if self._has_more and self._free_room() > 0:
            self._look_now.set()

    async def take_up(self) -> None:
        """Bring what was left by the process before.

        Raises:
            DatabaseUnavailable: It cannot be read.
        """
        if self._database.is_shared:
            await self._bring()
            return
        async with self._database.transaction() as tx:
            self._queue(await tx.inbox.waiting())

    async def put(self, rows: Sequence[Received]) -> None:
        """Keep updates; those that are new are handled, here or by another replica.

        Raises:
            DatabaseUnavailable: They could not be kept, and none will be handled.
        """
        if not self._database.is_shared:
            # One row is one statement, which needs no transaction around it.
            do = self._database.by_itself if len(rows) == 1 else self._database.at_once
            new = await do(partial(inbox.put, received=rows))
            self._queue([row for row in rows if row.update_id in new])
            return
        lanes, room = Counter(row.lane for row in rows), self._free_room()
        self._putting += lanes
        here: set[int] = set()
        try:
            me, kept = await self._put(rows, room)
            # What waits behind others is brought with them, lest it overtake one.
            if me is not None and me == self._replica.id:
                here = {one.update_id for one in kept if one.owner == me and not one.is_behind}
            self._has_more |= any(one.owner is None for one in kept)
            self._is_skipped |= len(here) < len(kept)
        finally:
            self._putting -= lanes
            self._known |= here
            if self._is_skipped:
                self._is_skipped = False
                self._look_now.set()
        self._queue([row for row in rows if row.update_id in here])

    async def _put(self, rows: Sequence[Received], room: int) -> tuple[int | None, list[Kept]]:
        for attempt in range(1, RETRIES + 1):
            me = self._replica.id or None
            wanted = room if me and attempt < RETRIES else 0
            try:
                kept = await self._database.by_itself(
                    partial(shared_inbox.put, received=rows, me=me, room=wanted, channel=CHANNEL)
                )
            except LeaseLost:
                # That of somebody whose lanes these are: in a moment they are free.
                if attempt == RETRIES:
                    raise
            else:
                return me, kept
        raise LeaseLost

    def forget(self, update_ids: Collection[int]) -> None:
        """Have updates not be known any more: that they are handled is written down."""
        self._known.difference_update(update_ids)

    def drop(self) -> None:
        """Forget all: it belongs to others by now."""
        self._known.clear()

    def _free_room(self) -> int:
        return self._room() - len(self._putting)

    async def release(self) -> None:
        """Set free what is not handled: nothing more is handled here."""
        if (me := self.owner) is not None:
            async with self._database.transaction() as tx:
                await tx.shared_inbox.release(me)
                await tx.wake(CHANNEL)

    async def keep_bringing(self) -> None:
        """Bring what other replicas were given for this one, and lanes that nobody has."""
        while self._database.is_shared:
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._look_now.wait()
            except TimeoutError:
                pass
            self._look_now.clear()
            try:
                await self._bring()
            except DatabaseUnavailable as error:
                logger.warning("what waits in the inbox is looked for later: %s", error)
                await asyncio.sleep(1.0)

    async def _bring(self) -> None:
        me, room = self._replica.id, self._free_room()
        if not me:
            return
        async with self.marking:
            async with self._database.transaction() as tx:
                self.is_full = await tx.shared_inbox.count_waiting(self._waiting) >= self._waiting
                taken = await tx.shared_inbox.claim(me, room) if room > 0 else 0
                rows = await tx.shared_inbox.given(me, self._known)
            self._has_more = taken >= room
            # What is being put is read as well: were it left out, the next of its lane would
            # overtake it. A put that has not ended may still queue it, so that lane is left.
            new = [row for row in rows if row.update_id not in self._known]
            brought = [row for row in new if not self._putting[row.lane]]
            if me != self._replica.id:
                return
            self._known.update(row.update_id for row in brought)
            self._queue(brought)
            self._is_skipped |= len(brought) < len(new)
        if len(rows) >= GIVEN_AT_ONCE:
            self._look_now.set()
