"""What admins have been told and need not be told again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Notice
from db.upsert import insert_missing
from services.domain.clock import now


class Notices:
    """Named conditions that hold."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def raise_(self, name: str) -> bool:
        """Say that a condition holds; it counts from now.

        Returns:
            Whether it did not hold before.
        """
        is_new = await insert_missing(
            self._session, Notice, {"name": name, "since": now()}, index_elements=["name"]
        )
        if not is_new:
            notice = await self._session.get_one(Notice, name, with_for_update=True)
            notice.since = now()
        return is_new

    async def since(self, name: str) -> datetime | None:
        """Return when a condition was last seen to hold, None when it does not."""
        notice = await self._session.get(Notice, name)
        return notice.since if notice else None

    async def since_of(self, *names: str) -> Mapping[str, datetime]:
        """Return when conditions were last seen to hold, of those that hold."""
        rows = await self._session.execute(
            select(Notice.name, Notice.since).where(Notice.name.in_(names))
        )
        return dict(rows.all())

    async def lower(self, name: str) -> bool:
        """Say that a condition is over.

        Returns:
            Whether it held before.
        """
        notice = await self._session.get(Notice, name, with_for_update=True)
        if notice is not None:
            await self._session.delete(notice)
        return notice is not None
