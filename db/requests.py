"""fal's requests, each of which is one row's."""

from collections.abc import Sequence, Set

from sqlalchemy import select, text, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import DeletedJob, Enlargement, Generation, Training

REQUESTS_LOCK = 28273
"""First key of PostgreSQL's advisory locks on requests; any number that is ours."""

HOLDERS = (Training, Generation, Enlargement, DeletedJob)


class Requests:
    """Which requests of fal's some row has: that of a paid job, or what a deletion has left."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def known(self, request_ids: Sequence[str]) -> Set[str]:
        """Return those of the request ids that some row has."""
        held = union_all(
            *(select(kind.request_id).where(kind.request_id.in_(request_ids)) for kind in HOLDERS)
        )
        return {request_id for request_id in await self._session.scalars(held) if request_id}

    async def claim(self, request_id: str, job_id: str) -> bool:
        """Return whether no row but this job's has a request.

        Nobody else claims it before the transaction ends, in which the caller writes it down.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(
                text("SELECT pg_advisory_xact_lock(:key, hashtext(:request_id))"),
                {"key": REQUESTS_LOCK, "request_id": request_id},
            )
        others = union_all(
            *(
                select(kind.id).where(kind.request_id == request_id, kind.id != job_id)
                for kind in HOLDERS
            )
        )
        return await self._session.scalar(others) is None
