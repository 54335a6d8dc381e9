"""Trained models."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Model


class Models:
    """LoRAs that are ready to generate with."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, model: Model) -> None:
        """Keep a new model."""
        self._session.add(model)

    async def get(self, model_id: str) -> Model | None:
        """Give a model, for reading."""
        return await self._session.get(Model, model_id)

    async def of_training(self, training_id: str) -> Model | None:
        """Give the model that a training made."""
        return await self._session.scalar(select(Model).where(Model.training_id == training_id))

    async def all_of(self, user_id: int) -> Sequence[Model]:
        """Give the user's models, newest first."""
        rows = await self._session.scalars(
            select(Model).where(Model.user_id == user_id).order_by(Model.created_at.desc())
        )
        return rows.all()

    async def active_of(self, user_id: int) -> Model | None:
        """Give the model the user generates with."""
        return await self._session.scalar(
            select(Model).where(Model.user_id == user_id, Model.active)
        )

    async def activate(self, model: Model) -> None:
        """Make one model the active one of its owner."""
        await self._session.execute(
            update(Model).where(Model.user_id == model.user_id, Model.active).values(active=False)
        )
        model.active = True
