"""How far Telegram's statement of Stars has been read."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from db import credit_tables as tables
from db.upsert import insert_missing

THE_ROW = 1


class StarStatement:
    """The one row about it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def opened(self, moment: datetime) -> tuple[datetime, int]:
        """Return since when lines are ours and how many were read; a first call begins both.

        The row is locked until the transaction ends: two replicas read one after another.

        Args:
            moment: Now.
        """
        row = {"id": THE_ROW, "opened_at": moment, "lines_read": 0}
        await insert_missing(self._session, tables.StarStatement, row, index_elements=["id"])
        found = await self._session.get_one(
            tables.StarStatement, THE_ROW, with_for_update=True, populate_existing=True
        )
        return found.opened_at, found.lines_read

    async def is_opened(self) -> bool:
        """Return whether anything was ever sold here."""
        return await self._session.get(tables.StarStatement, THE_ROW) is not None

    async def note_read(self, lines: int) -> None:
        """Note how many lines have been read."""
        await self._session.execute(update(tables.StarStatement).values(lines_read=lines))
