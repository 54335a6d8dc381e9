"""This process among those that work on one database."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Self

from db.database import Database
from services.domain.trouble import DatabaseUnavailable, LeaseLost
from services.jobs.nursery import Nursery

logger = logging.getLogger(__name__)

CHANNEL = "replicas"
"""Woken when somebody joins, leaves or is found to be dead."""

LEASE_S = 20.0
"""So long after the last sign of life the work of a replica goes to others."""

BEATS = 8
"""So often a lease is renewed, and others are looked after, while one lasts."""


class Replica:
    """Holds the lease of this process, and ends those of processes that are dead.

    A context: it joins on entering and leaves on leaving, so that others go on at once. On SQLite
    there is one process, and its lease has no end. Work on rows is claimed with `id` in the column
    `owner` and done in `db.fence.fenced(id)`.

    When the lease was ended, because this process stood still for too long, all that was claimed
    is dropped (`on_lost`) and the process joins again, with another number.

    Attributes:
        database: What is shared.
        id: The number of this replica; 0 while it has none.
        live: The numbers of all, the eldest first.

    Args:
        database: What is shared.
        lease_s: How long a lease lasts.
        clock: Seconds that only grow, also while the process is stopped.
    """

    def __init__(
        self,
        database: Database,
        lease_s: float = LEASE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.database = database
        self._lease_s = lease_s
        self._clock = clock
        self.id = 0
        self.live: tuple[int, ...] = ()
        self._sure_until = 0.0
        self._looked, self._eldest = asyncio.Event(), asyncio.Event()
        self._is_time = asyncio.Event()
        self._lost: list[Callable[[], Awaitable[None]]] = []
        self._seen: list[Callable[[], None]] = []
        self._nursery = Nursery()

    def on_lost(self, drop: Callable[[], Awaitable[None]]) -> None:
        """Have a function drop all work when the lease was ended; it must not raise."""
        self._lost.append(drop)

    def on_seen(self, see: Callable[[], None]) -> None:
        """Have a function called after each look at who is there: `id` and `live` may be new."""
        self._seen.append(see)

    def on_change(self, note: Callable[[], None]) -> None:
        """Have a function called after a look that finds others there than the one before."""
        known = self.live

        def see() -> None:
            nonlocal known
            if self.live != known:
                known = self.live
                note()

        self.on_seen(see)

    @property
    def is_eldest(self) -> bool:
        """Whether this is the one that does what only one may do."""
        return self.live[:1] == (self.id,)

    async def turn(self) -> None:
        """Return when this is the eldest."""
        await self._eldest.wait()

    async def __aenter__(self) -> Self:
        """Join.

        Raises:
            DatabaseUnavailable: The database cannot be written.
        """
        await self._join()
        self.database.wakes.subscribe(CHANNEL, lambda _: self._is_time.set())
        self._nursery.keep(self.database.wakes.listen, name="wake-ups")
        if self.database.is_shared:
            self._nursery.keep(self._keep, name="lease")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave: what is still claimed is free at once."""
        await self._nursery.__aexit__()
        try:
            async with self.database.transaction() as tx:
                await tx.replicas.leave(self.id)
                await tx.wake(CHANNEL)
        except DatabaseUnavailable as error:
            logger.warning("the work of this replica is free after its lease: %s", error)

    def holds(self, replica_id: int) -> bool:
        """Whether claimed work is surely still in these hands."""
        return replica_id == self.id and self.is_sure

    async def check(self, replica_id: int) -> None:
        """Return if claimed work is still in these hands; waits where that is not sure.

        Ask before what no transaction guards, such as a message. After a standstill the own clock
        tells that the lease may have been ended; the next beat knows.

        Raises:
            LeaseLost: It belongs to others by now.
        """
        while replica_id == self.id and not self.is_sure:
            self._is_time.set()
            self._looked.clear()
            await self._looked.wait()
        if replica_id != self.id:
            raise LeaseLost

    @property
    def is_sure(self) -> bool:
        """Whether the lease was renewed in time, as far as the own clock tells."""
        return not self.database.is_shared or self._clock() < self._sure_until

    async def _keep(self) -> None:
        failures = 0
        while True:
            try:
                async with asyncio.timeout(self._lease_s / BEATS):
                    await self._is_time.wait()
            except TimeoutError:
                pass
            self._is_time.clear()
            try:
                await self._beat()
                failures = 0
            except DatabaseUnavailable as error:
                failures += 1
                if failures == 1:
                    logger.warning("the lease of replica %s is not renewed: %s", self.id, error)
                # Not at once: whoever waits for an answer asks for it all the time.
                await asyncio.sleep(self._lease_s / BEATS)

    async def _beat(self) -> None:
        """Renew the lease, end those of others that have run out, and see who is there."""
        was_sure, asked_at = self.is_sure, self._clock()
        async with self.database.transaction() as tx:
            is_alive = await tx.replicas.beat(self.id, self._lease_s)
            # After a standstill of the database all leases have run out: let others beat first.
            dead = await tx.replicas.bury() if is_alive and was_sure else []
            if dead:
                await tx.wake(CHANNEL)
            live = await tx.replicas.all()
        if dead:
            logger.warning("replicas %s are dead; their work goes on here and elsewhere", dead)
        if is_alive:
            self._note(self.id, live, asked_at)
        else:
            await self._begin_again()

    async def _begin_again(self) -> None:
        lost, self.id = self.id, 0
        self._looked.set()
        self._eldest.clear()
        logger.warning("replica %s stood still and has lost its lease; it joins again", lost)
        for drop in self._lost:
            await drop()
        await self._join()

    async def _join(self) -> None:
        asked_at = self._clock()
        async with self.database.transaction() as tx:
            joined = await tx.replicas.join(self._lease_s)
            live = await tx.replicas.all()
            await tx.wake(CHANNEL)
        self._note(joined, live, asked_at)
        logger.info("joined as replica %s; live replicas: %s", joined, len(live))

    def _note(self, replica_id: int, live: list[int], asked_at: float) -> None:
        self.id, self.live = replica_id, tuple(live)
        self._sure_until = asked_at + self._lease_s
        if self.is_eldest:
            self._eldest.set()
        else:
            self._eldest.clear()
        self._looked.set()
        for see in self._seen:
            see()
