"""Carries the rows that this replica has claimed, and claims what nobody has."""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from db.database import Transaction
from db.fence import fenced
from services.domain.trouble import DatabaseUnavailable, LeaseLost
from services.errors import UserUnreachable
from services.health import Health
from services.jobs.carrier import Carrier, Step
from services.jobs.nursery import Nursery
from services.jobs.replica import Replica

logger = logging.getLogger(__name__)

CHANNEL = "work"
"""Woken with the kind and the id of a row that another replica is to see to now."""

EVERYBODY = "*"
"""In place of a row: somebody has returned, for whom rows may wait."""

CLAIMED_AT_ONCE = 500

SWEEP_S = 10.0
"""How often it is looked for rows that nobody has; what is new or freed is also told."""


class Claimed(Protocol):
    """The claims on rows of one kind."""

    async def unfinished(self) -> Sequence[str]:
        """See `db.claims.Claims.unfinished`."""
        ...

    async def held(self, owner: int) -> Sequence[str]:
        """See `db.claims.Claims.held`."""
        ...

    async def claim(
        self, owner: int, at_most: int, only: Sequence[str] | None = None
    ) -> Sequence[str]:
        """See `db.claims.Claims.claim`."""
        ...

    async def release(self, owner: int, row_ids: Sequence[str]) -> None:
        """See `db.claims.Claims.release`."""
        ...


class SharedCarrier:
    """Carries rows of one kind, which it shares with the other replicas on the database.

    Whoever claims a row carries it to its end; the rows of a replica that is dead are claimed by
    others, and what it still writes is refused. A press that was handled elsewhere reaches the
    owner of the row by a wake-up. A row whose user is away stays claimed and waits here.

    On SQLite there is one process: all rows are its own, and no claim is written.

    Attributes:
        taken_over: How many rows were taken up that another process had, or the one before. One
            that is just being ordered counts where a look for what nobody has finds it first.

    Args:
        kind: What the rows are, in logs and wake-ups; one word or two.
        nursery: Owner of the tasks.
        replica: This process.
        claims: Gives the claims on the rows.
        step: Takes a row one step on, see `Carrier`.
        healths: See `Carrier`.
        max_at_once: See `Carrier`.
    """

    def __init__(
        self,
        kind: str,
        nursery: Nursery,
        replica: Replica,
        claims: Callable[[Transaction], Claimed],
        step: Step,
        healths: Collection[Health] = (),
        max_at_once: int | None = None,
    ) -> None:
        self.taken_over = 0
        self._kind = kind
        self._nursery = nursery
        self._replica = replica
        self._is_lone = not replica.database.is_shared
        self._claims = claims
        self._step = step
        self._carrier = Carrier(kind, nursery, self._owned_step, healths, max_at_once)
        # By row, the number under which it was claimed.
        self._owners: dict[str, int] = {}
        self._wanted: set[str] = set()
        self._away: set[str] = set()
        self._done: set[str] = set()
        self._returns = 0
        self._woken = asyncio.Event()
        # Whether there may be rows that nobody has.
        self._may_be_free = False
        # Whether a claim or a release may have ended otherwise than is known here.
        self._is_unsure = False

    def __len__(self) -> int:
        """Count the rows that this replica has in hand."""
        return len(self._away) + len(self._carrier) if self._is_lone else len(self._owners)

    async def start(self) -> None:
        """Take up what nobody has, now and from now on."""
        self._replica.database.wakes.subscribe(CHANNEL, self._heard)
        self._replica.on_lost(self._drop)
        self._replica.on_change(self._look)
        if self._is_lone:
            async with self._replica.database.transaction() as tx:
                left = await self._claims(tx).unfinished()
            self.taken_over += len(left)
            self._carrier.begin(left)
            return
        await self._claim_free()
        self._nursery.keep(self._run, name=f"{self._kind} claims")

    def carry(self, row_id: str) -> None:
        """See to a row now, wherever it is carried."""
        if self._is_lone or row_id in self._owners:
            self._away.discard(row_id)
            self._done.discard(row_id)
            self._carrier.carry(row_id)
        else:
            self._wanted.add(row_id)
            self._woken.set()

    async def drain(self) -> None:
        """See `Carrier.drain`."""
        await self._carrier.drain()

    async def _owned_step(self, row_id: str) -> float | None:
        owner = self._replica.id if self._is_lone else self._owners.get(row_id)
        if owner is None:
            return None
        returns = self._returns
        try:
            with fenced(owner):
                await self._replica.check(owner)
                delay_s = await self._step(row_id)
        except LeaseLost:
            logger.warning("%s %s goes on elsewhere", self._kind, row_id)
            return self._after_loss(row_id, owner)
        except UserUnreachable:
            if self._returns != returns:
                # Perhaps just now.
                return 0.0
            self._away.add(row_id)
            raise
        if delay_s is None and not self._is_lone:
            self._done.add(row_id)
            self._woken.set()
        return delay_s

    def _after_loss(self, row_id: str, owner: int) -> float | None:
        """Forget a row, unless it was claimed again meanwhile."""
        if self._owners.get(row_id) != owner:
            return 0.0 if row_id in self._owners else None
        del self._owners[row_id]
        return None

    async def _run(self) -> None:
        is_down = False
        while True:
            self._woken.clear()
            try:
                await self._release_done()
                await self._claim_wanted()
                if self._is_unsure:
                    await self._take_held()
                    self._is_unsure = False
                if self._may_be_free:
                    self._may_be_free = False
                    await self._claim_free()
                is_down = False
            except DatabaseUnavailable as error:
                if not is_down:
                    logger.warning("%s: nothing can be claimed now: %s", self._kind, error)
                is_down = self._may_be_free = self._is_unsure = True
                await asyncio.sleep(1.0)
                self._woken.set()
            try:
                async with asyncio.timeout(SWEEP_S):
                    await self._woken.wait()
            except TimeoutError:
                self._may_be_free = True

    async def _claim_free(self) -> None:
        while owner := self._replica.id:
            with fenced(owner):
                async with self._replica.database.transaction() as tx:
                    claimed = await self._claims(tx).claim(owner, CLAIMED_AT_ONCE)
            self.taken_over += len(claimed)
            self._take(claimed, owner)
            if len(claimed) < CLAIMED_AT_ONCE:
                return

    async def _take_held(self) -> None:
        """Take up what the database alone knows to be this replica's.

        A release that failed leaves such rows, and so does a claim whose answer was lost. One that
        is done with has one more step, and is let go of again.
        """
        owner = self._replica.id
        if not owner:
            return
        with fenced(owner):
            async with self._replica.database.transaction() as tx:
                held = await self._claims(tx).held(owner)
        self._take([row_id for row_id in held if self._owners.get(row_id) != owner], owner)

    async def _claim_wanted(self) -> None:
        owner = self._replica.id
        if not self._wanted or not owner:
            return
        # A press that comes meanwhile is one more.
        wanted, self._wanted = self._wanted, set()
        try:
            with fenced(owner):
                async with self._replica.database.transaction() as tx:
                    claimed = await self._claims(tx).claim(owner, len(wanted), list(wanted))
                    for row_id in wanted.difference(claimed):
                        await tx.wake(CHANNEL, f"{row_id} {self._kind}")
        except DatabaseUnavailable:
            self._wanted |= wanted
            raise
        self._take(claimed, owner)

    def _take(self, row_ids: Sequence[str], owner: int) -> None:
        for row_id in row_ids:
            self._owners[row_id] = owner
        self._carrier.begin(row_ids)

    async def _release_done(self) -> None:
        """Let go of rows that are done with, by their owners' numbers."""
        # One that was nudged in its last step has one more before it.
        done = [row_id for row_id in self._done if row_id not in self._carrier]
        owner = self._replica.id
        self._done.difference_update(done)
        mine = [row_id for row_id in done if self._owners.pop(row_id, None) == owner]
        if mine and owner:
            with fenced(owner):
                async with self._replica.database.transaction() as tx:
                    # Where this fails they are not put back: it may have been done all the same,
                    # and somebody else may have them. Only the database knows, see `_take_held`.
                    await self._claims(tx).release(owner, mine)

    def _heard(self, words: str) -> None:
        row_id, _, kind = words.partition(" ")
        if row_id in {"", EVERYBODY}:
            self._returns += 1
            for each in list(self._away):
                self.carry(each)
            if not row_id:
                self._look()
        elif kind == self._kind:
            if row_id in self._owners:
                self.carry(row_id)
            else:
                # It may be about to be released here.
                self._look()

    def _look(self) -> None:
        self._may_be_free = True
        self._woken.set()

    async def _drop(self) -> None:
        """Let go of everything: others have it. Steps under way end by the fence."""
        self._owners.clear()
        self._away.clear()
        self._done.clear()
