"""Drafts of trainings."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.values import columns_of, value_of, value_or_none
from services.domain.clock import now
from services.domain.values import Draft, Place
from services.domain.vocabulary import QualityMode, Subject


class Drafts:
    """What users are choosing: at most one draft a user.

    Every change but a reminder counts as work on the draft: the time it is kept for starts again.
    """

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, draft: Draft) -> None:
        """Keep a new draft; there is a photo set of its id already."""
        self._session.add(tables.Draft(**columns_of(draft)))
        await self._session.flush()

    async def of(self, user_id: int) -> Draft | None:
        """Return the user's draft."""
        row = await self._session.scalar(
            select(tables.Draft).where(tables.Draft.user_id == user_id)
        )
        return value_or_none(Draft, row)

    async def read(self, draft_id: str) -> Draft | None:
        """Return a draft."""
        return value_or_none(Draft, await self._session.get(tables.Draft, draft_id))

    async def lock(self, draft_id: str) -> Draft | None:
        """Return a draft that nobody else changes until the transaction ends."""
        row = await self._session.get(
            tables.Draft, draft_id, with_for_update=True, populate_existing=True
        )
        return value_or_none(Draft, row)

    async def touch(self, draft_id: str) -> None:
        """Note that somebody works on a draft, if there still is one."""
        await self._session.execute(
            update(tables.Draft).where(tables.Draft.id == draft_id).values(updated_at=now())
        )

    async def move(self, draft_id: str, place: Place) -> Draft:
        """Go on with a draft in another place, or in the same one."""
        return await self._change(
            draft_id, chat_id=place.chat_id, message_thread_id=place.thread_id
        )

    async def name(self, draft_id: str, name: str, trigger_word: str) -> Draft:
        """Name what will be trained; nobody else has the trigger word (`TriggerWords`)."""
        return await self._change(draft_id, name=name, trigger_word=trigger_word)

    async def choose_subject(self, draft_id: str, subject: Subject) -> Draft:
        """Say who is in the photos."""
        return await self._change(draft_id, subject=subject)

    async def choose_trainer(self, draft_id: str, trainer: str) -> Draft:
        """Choose who trains; the mode, which was another trainer's, is to be chosen again."""
        return await self._change(draft_id, trainer=trainer, mode=None, steps=None, price_usd=None)

    async def choose_mode(
        self, draft_id: str, mode: QualityMode, steps: int, price_usd: Decimal
    ) -> Draft:
        """Choose how long is trained; the price holds from now on."""
        return await self._change(draft_id, mode=mode, steps=steps, price_usd=price_usd)

    async def end(self, draft_id: str) -> None:
        """Remove a draft that becomes a training, which keeps the photos."""
        await self._session.delete(await self._session.get_one(tables.Draft, draft_id))
        await self._session.flush()

    async def remove(self, draft_id: str) -> None:
        """Remove a draft with its photos."""
        await self._session.delete(await self._session.get_one(tables.PhotoSet, draft_id))
        await self._session.flush()

    async def untouched_since(self, moment: datetime) -> Sequence[str]:
        """Return the ids of drafts whose users have done nothing with them since, oldest first."""
        rows = await self._session.scalars(
            select(tables.Draft.id)
            .where(tables.Draft.updated_at <= moment)
            .order_by(tables.Draft.updated_at)
        )
        return rows.all()

    async def note_reminder(self, draft_id: str) -> None:
        """Remember that the user was told of a draft's age, which this does not change."""
        await self._session.execute(
            update(tables.Draft)
            .where(tables.Draft.id == draft_id)
            .values(reminded_at=now(), updated_at=tables.Draft.updated_at)
        )

    async def in_photo_step(self, closed: int) -> Sequence[str]:
        """Return the ids of drafts with photos whose counter's message is not `closed`."""
        rows = await self._session.scalars(
            select(tables.Draft.id)
            .join(tables.PhotoSet, tables.PhotoSet.id == tables.Draft.id)
            .where(
                func.coalesce(tables.PhotoSet.counter_message_id, -1) != closed,
                exists().where(tables.Photo.training_id == tables.Draft.id),
            )
            .order_by(tables.Draft.created_at)
        )
        return rows.all()

    async def _change(self, draft_id: str, **changes: object) -> Draft:
        row = await self._session.get_one(tables.Draft, draft_id, with_for_update=True)
        for column, value in changes.items():
            setattr(row, column, value)
        row.updated_at = now()
        await self._session.flush()
        return value_of(Draft, row)
