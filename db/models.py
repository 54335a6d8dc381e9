"""Trained models."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.values import columns_of, value_of, value_or_none
from services.domain.values import Model


class Models:
    """LoRAs that are ready to generate with."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, model: Model) -> None:
        """Keep a new model."""
        self._session.add(tables.Model(**columns_of(model)))
        await self._session.flush()

    async def get(self, model_id: str) -> Model | None:
        """Return a model."""
        return value_or_none(Model, await self._session.get(tables.Model, model_id))

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
        """Return the model the user generates with."""
        row = await self._session.scalar(
            select(tables.Model).where(tables.Model.user_id == user_id, tables.Model.active)
        )
        return value_or_none(Model, row)

    async def activate(self, model: Model) -> Model:
        """Make one model the active one of its owner; return it as it is now."""
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

    async def _change(self, model_id: str, **changes: object) -> Model:
        await self._session.execute(
            update(tables.Model).where(tables.Model.id == model_id).values(**changes)
        )
        row = await self._session.get_one(tables.Model, model_id, populate_existing=True)
        return value_of(Model, row)
