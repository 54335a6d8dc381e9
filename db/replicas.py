"""The processes that work on one database, each with a lease that it renews."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import ReplicaRow
from services.domain.clock import now

APPLICATION = "neurophoto"
"""By this name PostgreSQL knows our connections."""

SILENT_S = 15.0
"""So long a connection may be silent in the middle of a statement; between two, `IDLE_MS`."""

# No timeout of PostgreSQL before 17 ends these: the client has begun a statement (Parse, Flush)
# and does not go on with it. One that was stopped there would hold its replica for ever.
_END_SILENT = text(
    """
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user
        AND application_name = :application AND state = 'active' AND wait_event = 'ClientRead'
        AND state_change < clock_timestamp() - make_interval(secs => :silent_s)
    """
)


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

    async def bury(self, silent_s: float = SILENT_S) -> list[int]:
        """End the replicas whose leases have run out, and return their numbers.

        One that holds its own row, because it beats or is about to commit, is passed over. A
        connection that holds one and has been silent for too long is ended first.
        """
        has_run_out = select(ReplicaRow.id).where(ReplicaRow.alive_until < func.clock_timestamp())
        if await self._session.scalar(has_run_out.limit(1)) is None:
            return []
        values = {"application": APPLICATION, "silent_s": silent_s}
        await self._session.execute(_END_SILENT, values)
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
