"""The processes that work on one database, each with a lease that it renews."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import ReplicaRow
from services.domain.clock import now


class Replicas:
    """Who is there: what a row owns is in good hands, and its end frees that."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def join(self, lease_s: float) -> int:
        """Return the number of a new replica, which nobody had before.

        A SQLite database has one process, so whoever is known there is a process that has ended.
        """
        if not self._is_shared:
            await self._session.execute(delete(ReplicaRow))
        replica = ReplicaRow(alive_until=self._in(lease_s))
        self._session.add(replica)
        await self._session.flush()
        return replica.id

    async def beat(self, replica_id: int, lease_s: float) -> bool:
        """Renew a lease; False when it was ended. One that ran out unnoticed goes on."""
        renewed = await self._session.scalar(
            update(ReplicaRow)
            .where(ReplicaRow.id == replica_id)
            .values(alive_until=self._in(lease_s))
            .returning(ReplicaRow.id)
            .execution_options(synchronize_session=False)
        )
        return renewed is not None

    async def leave(self, replica_id: int) -> None:
        """End a replica; what it owns is free."""
        await self._session.execute(delete(ReplicaRow).where(ReplicaRow.id == replica_id))

    async def bury(self) -> list[int]:
        """End the replicas whose leases have run out, and return their numbers.

        One that holds its own row, because it beats or is about to commit, is passed over.
        """
        dead = (
            select(ReplicaRow.id)
            .where(ReplicaRow.alive_until < func.clock_timestamp())
            .with_for_update(skip_locked=True)
        )
        ended = await self._session.scalars(
            delete(ReplicaRow).where(ReplicaRow.id.in_(dead)).returning(ReplicaRow.id),
            execution_options={"synchronize_session": False},
        )
        return list(ended)

    async def all(self) -> list[int]:
        """Return the numbers of all replicas, the eldest first."""
        found = await self._session.scalars(select(ReplicaRow.id).order_by(ReplicaRow.id))
        return list(found)

    @property
    def _is_shared(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"

    def _in(self, seconds: float) -> ColumnElement[datetime] | datetime:
        """Return a moment to come, by the one clock that all replicas share."""
        span = timedelta(seconds=seconds)
        return func.clock_timestamp() + span if self._is_shared else now() + span
