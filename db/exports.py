"""Copies of users' data that are under way, and their files."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import export_tables as tables
from db.claims import Claims
from db.values import columns_of, value_of, value_or_none
from services.domain.clock import now
from services.domain.exports import Export, ExportItem, ExportState, ItemProblem
from services.domain.values import SentMessage


class Exports:
    """Copies of users' data, each a job until its end is shown."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @property
    def claims(self) -> Claims:
        """What replicas have in hand."""
        return Claims(self._session, tables.ExportRow, tables.ExportRow.settled_at.is_(None))

    async def add(self, export: Export, items: Iterable[ExportItem]) -> None:
        """Keep a new copy with its files, in the place of the user's earlier ones."""
        await self._session.execute(
            delete(tables.ExportRow).where(
                tables.ExportRow.user_id == export.user_id,
                tables.ExportRow.settled_at.is_not(None),
            )
        )
        self._session.add(tables.ExportRow(**columns_of(export)))
        await self._session.flush()
        rows = [{**columns_of(item), "export_id": export.id} for item in items]
        if rows:
            await self._session.execute(insert(tables.ExportItemRow), rows)

    async def get(self, export_id: str) -> Export | None:
        """Return a copy."""
        row = await self._session.get(tables.ExportRow, export_id, populate_existing=True)
        return value_or_none(Export, row)

    async def lock(self, export_id: str) -> Export | None:
        """Return a copy that nobody else changes until the transaction ends."""
        row = await self._session.get(
            tables.ExportRow, export_id, populate_existing=True, with_for_update=True
        )
        return value_or_none(Export, row)

    async def latest_of(self, user_id: int) -> Export | None:
        """Return the copy that a user has asked for last."""
        row = await self._session.scalar(
            select(tables.ExportRow)
            .where(tables.ExportRow.user_id == user_id)
            .order_by(tables.ExportRow.created_at.desc())
            .limit(1)
        )
        return value_or_none(Export, row)

    async def messages_of(self, user_id: int) -> Sequence[SentMessage]:
        """Return the messages that show how copies of a user stand."""
        rows = await self._session.execute(
            select(tables.ExportRow.chat_id, tables.ExportRow.message_id).where(
                tables.ExportRow.user_id == user_id, tables.ExportRow.message_id.is_not(None)
            )
        )
        return [SentMessage(row[0], row[1]) for row in rows if row[1] is not None]

    async def show_in(self, export_id: str, message_id: int) -> bool:
        """Note which message shows the progress; return whether the copy is still there."""
        return await self._change(export_id, message_id=message_id)

    async def note_gathered(self, export_id: str, gathered: int) -> bool:
        """Note how many files have been seen to; return whether the copy is still wanted."""
        found = await self._session.scalars(
            update(tables.ExportRow)
            .where(
                tables.ExportRow.id == export_id,
                tables.ExportRow.state == ExportState.WORKING,
            )
            .values(gathered=gathered)
            .returning(tables.ExportRow.id)
        )
        return found.first() is not None

    async def note_part(self, export_id: str, part: int, numbers: Collection[int]) -> None:
        """Note that a part with these files has been sent."""
        await self._change(export_id, parts=part)
        await self._session.execute(
            update(tables.ExportItemRow)
            .where(
                tables.ExportItemRow.export_id == export_id,
                tables.ExportItemRow.number.in_(numbers),
            )
            .values(part=part)
        )

    async def end(self, export_id: str, state: ExportState) -> bool:
        """End a copy that is under way; return whether it was."""
        found = await self._session.scalars(
            update(tables.ExportRow)
            .where(
                tables.ExportRow.id == export_id,
                tables.ExportRow.state == ExportState.WORKING,
            )
            .values(state=state, ended_at=now())
            .returning(tables.ExportRow.id)
        )
        return found.first() is not None

    async def settle(self, export_id: str) -> None:
        """Note that the end of a copy is shown, and forget its files."""
        await self._change(export_id, settled_at=now())
        await self._session.execute(
            delete(tables.ExportItemRow).where(tables.ExportItemRow.export_id == export_id)
        )

    async def items(self, export_id: str) -> Sequence[ExportItem]:
        """Return all files of a copy."""
        rows = await self._session.scalars(
            select(tables.ExportItemRow)
            .where(tables.ExportItemRow.export_id == export_id)
            .order_by(tables.ExportItemRow.number)
        )
        return [value_of(ExportItem, row) for row in rows]

    async def open_items(self, export_id: str) -> Sequence[ExportItem]:
        """Return the files that are still to be sent, those that failed least first."""
        table = tables.ExportItemRow
        rows = await self._session.scalars(
            select(table)
            .where(
                table.export_id == export_id,
                table.part.is_(None),
                table.problem.is_(None) | (table.problem == ItemProblem.SMALLER),
            )
            .order_by(table.tries, table.number)
        )
        return [value_of(ExportItem, row) for row in rows]

    async def note_item(self, export_id: str, item: ExportItem) -> None:
        """Keep what was found out about a file."""
        await self._session.execute(
            update(tables.ExportItemRow)
            .where(
                tables.ExportItemRow.export_id == export_id,
                tables.ExportItemRow.number == item.number,
            )
            .values(path=item.path, problem=item.problem, tries=item.tries)
        )

    async def _change(self, export_id: str, **changes: object) -> bool:
        found = await self._session.scalars(
            update(tables.ExportRow)
            .where(tables.ExportRow.id == export_id)
            .values(**changes)
            .returning(tables.ExportRow.id)
        )
        return found.first() is not None
