"""Admins who became it by the one-time code; those of the settings are not kept here."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Admin
from db.upsert import insert_missing


class Admins:
    """Telegram ids of admins."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> frozenset[int]:
        """Return the ids of all admins."""
        return frozenset(await self._session.scalars(select(Admin.user_id)))

    async def add(self, user_id: int) -> None:
        """Make somebody an admin; an admin stays one."""
        await insert_missing(
            self._session, Admin, {"user_id": user_id}, index_elements=["user_id"]
        )
