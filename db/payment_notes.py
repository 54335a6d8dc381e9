"""What users have to be told about their money."""

from sqlalchemy import delete, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import credit_tables as tables
from db.claims import Claims
from db.upsert import insert_missing
from db.values import columns_of, value_or_none
from services.domain.clock import now
from services.domain.credits import Note


class PaymentNotes:
    """Notes, each until it has been told."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @property
    def claims(self) -> Claims:
        """What replicas have in hand."""
        return Claims(self._session, tables.PaymentNote, true())

    async def add(self, note: Note) -> bool:
        """Keep a note, and return whether it is new: one of the same key is kept once."""
        values = {**columns_of(note), "words": dict(note.words)}
        return await insert_missing(
            self._session, tables.PaymentNote, values, index_elements=["key"]
        )

    async def get(self, note_id: str) -> Note | None:
        """Return a note that has not been told."""
        row = await self._session.get(tables.PaymentNote, note_id, populate_existing=True)
        return value_or_none(Note, row)

    async def note_told(self, note_id: str) -> None:
        """Note that its sentence has been sent."""
        await self._session.execute(
            update(tables.PaymentNote)
            .where(tables.PaymentNote.id == note_id)
            .values(told_at=now())
        )

    async def remove(self, note_id: str) -> None:
        """Forget a note."""
        await self._session.execute(
            delete(tables.PaymentNote).where(tables.PaymentNote.id == note_id)
        )

    async def remove_key(self, key: str) -> None:
        """Forget a note by its key, if there is one."""
        await self._session.execute(
            delete(tables.PaymentNote).where(tables.PaymentNote.key == key)
        )

    async def remove_of(self, wallet_id: int) -> None:
        """Forget all notes of a wallet."""
        await self._session.execute(
            delete(tables.PaymentNote).where(tables.PaymentNote.wallet_id == wallet_id)
        )
