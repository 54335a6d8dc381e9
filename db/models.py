"""Trained models."""

from collections.abc import Sequence

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.loan_tables import LoanRow
from db.loans import Loans
from db.values import columns_of, value_of, value_or_none
from services.domain.values import LikenessCount, Model


class Models:
    """LoRAs that are ready to generate with."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, model: Model) -> None:
        """Keep a new model."""
        self._session.add(tables.Model(**columns_of(model)))
        await self._session.flush()

    async def get(self, model_id: str | None) -> Model | None:
        """Return a model; of no id, none."""
        row = await self._session.get(tables.Model, model_id) if model_id else None
        return value_or_none(Model, row)

    async def of_training(self, training_id: str) -> Model | None:
        """Return the model that a training made."""
        row = await self._session.scalar(
            select(tables.Model).where(tables.Model.training_id == training_id)
        )
        return value_or_none(Model, row)

    async def all_of(self, user_id: int) -> Sequence[Model]:
        """Return the user's models, newest first."""
        rows = await self._session.scalars(
            select(tables.Model)
            .where(tables.Model.user_id == user_id)
            .order_by(tables.Model.created_at.desc())
        )
        return [value_of(Model, row) for row in rows]

    async def active_of(self, user_id: int) -> Model | None:
        """Return the model the user generates with; a borrowed one goes before their own.

        A loan that is over keeps its place until another model is chosen, so that nobody else is
        drawn unasked.
        """
        row = await self._session.scalar(
            select(tables.Model)
            .join(LoanRow, LoanRow.model_id == tables.Model.id)
            .where(LoanRow.borrower_id == user_id, LoanRow.active)
        ) or await self._session.scalar(
            select(tables.Model).where(tables.Model.user_id == user_id, tables.Model.active)
        )
        return value_or_none(Model, row)

    async def activate(self, model: Model) -> Model:
        """Make one model the active one of its owner; return it as it is now."""
        await Loans(self._session).activate(model.user_id, None)
        await self._session.execute(
            update(tables.Model)
            .where(tables.Model.user_id == model.user_id, tables.Model.active)
            .values(active=False)
        )
        return await self._change(model.id, active=True)

    async def rename(self, model_id: str, name: str) -> Model:
        """Call a model something else; return it as it is now."""
        return await self._change(model_id, name=name)

    async def set_cover(self, model_id: str, file_id: str | None) -> Model:
        """Put a picture on the card of a model, or take it away; return it as it is now."""
        return await self._change(model_id, cover_file_id=file_id)

    async def give_first_cover(self, model_id: str, file_id: str) -> None:
        """Put a picture on the card of a model that has none."""
        await self._session.execute(
            update(tables.Model)
            .where(tables.Model.id == model_id, tables.Model.cover_file_id.is_(None))
            .values(cover_file_id=file_id)
        )

    async def note_likeness(self, model_id: str, percent: int, lora_scale: float | None) -> bool:
        """Keep what the first pictures have shown, once; return whether it is new.

        A `lora_scale` of None says nothing, and one that was chosen meanwhile stays.
        """
        row = await self._session.get(tables.Model, model_id, with_for_update=True)
        if row is None or row.likeness is not None:
            return False
        row.likeness = percent
        if row.lora_scale is None:
            row.lora_scale = lora_scale
        return True

    async def choose_scale(self, model_id: str, lora_scale: float) -> Model:
        """Make the pictures of a model with another strength; return it as it is now."""
        return await self._change(model_id, lora_scale=lora_scale)

    async def likeness_by_trainer(self, stranger_below: int) -> Sequence[LikenessCount]:
        """Count the measured models by trainer and mode, the most first."""
        of = tables.Training.trainer, tables.Training.mode
        likeness, models = tables.Model.likeness, func.count()
        found = await self._session.execute(
            select(
                *of,
                models,
                func.avg(likeness),
                func.sum(case((likeness < stranger_below, 1), else_=0)),
            )
            .join(tables.Training, tables.Model.training_id == tables.Training.id)
            .where(likeness.is_not(None))
            .group_by(*of)
            .order_by(models.desc(), *of)
        )
        return [
            LikenessCount(trainer, mode, count, round(mean), strangers)
            for trainer, mode, count, mean, strangers in found.all()
        ]

    async def _change(self, model_id: str, **changes: object) -> Model:
        await self._session.execute(
            update(tables.Model).where(tables.Model.id == model_id).values(**changes)
        )
        row = await self._session.get_one(tables.Model, model_id, populate_existing=True)
        return value_of(Model, row)
