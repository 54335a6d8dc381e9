"""What was done for an update: one that is handled again after a crash does nothing twice."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import DoneOnce
from db.upsert import insert_missing


class Once:
    """The origins of what must be done once, written together with what is done."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def is_first(self, origin: str) -> bool:
        """Return whether nothing was done for an origin yet; from now on something was.

        Args:
            origin: What tells an update from every other, at most 64 characters.
        """
        return await insert_missing(
            self._session, DoneOnce, {"origin": origin}, index_elements=["origin"]
        )

    async def forget(self, before: datetime) -> None:
        """Forget what was done before a moment."""
        await self._session.execute(delete(DoneOnce).where(DoneOnce.done_at < before))
