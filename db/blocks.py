"""Who may not use the bot, and whose an error was."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.console_tables import BlockRow, ErrorCodeRow
from db.upsert import insert_missing
from db.values import columns_of, value_of, value_or_none
from services.domain.clock import now
from services.domain.console import Block, ErrorCode

CODES_KEPT = timedelta(days=30)


class Blocks:
    """The people who are blocked."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of(self, user_id: int) -> Block | None:
        """Return why somebody is blocked; None where they are not."""
        return value_or_none(Block, await self._session.get(BlockRow, user_id))

    async def add(self, block: Block) -> bool:
        """Block somebody, and return whether they were not blocked before."""
        return await insert_missing(
            self._session, BlockRow, columns_of(block), index_elements=["user_id"]
        )

    async def remove(self, user_id: int) -> bool:
        """Let somebody in again, and return whether they were blocked."""
        row = await self._session.get(BlockRow, user_id, with_for_update=True)
        if row is not None:
            await self._session.delete(row)
        return row is not None


class ErrorCodes:
    """The codes of apologies."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, code: str, user_id: int, kind: str) -> None:
        """Keep whose an error was, and forget those of more than a month ago."""
        self._session.add(ErrorCodeRow(code=code, user_id=user_id, kind=kind))
        old = ErrorCodeRow.said_at < now() - CODES_KEPT
        await self._session.execute(delete(ErrorCodeRow).where(old))

    async def user_of(self, code: str) -> int | None:
        """Return whose an error was."""
        row = await self._session.get(ErrorCodeRow, code)
        return row.user_id if row else None

    async def of(self, user_id: int, limit: int) -> Sequence[ErrorCode]:
        """Return the last errors of a user, the newest first."""
        rows = await self._session.scalars(
            select(ErrorCodeRow)
            .where(ErrorCodeRow.user_id == user_id)
            .order_by(ErrorCodeRow.said_at.desc())
            .limit(limit)
        )
        return [value_of(ErrorCode, row) for row in rows]
