"""Trainings."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from db.paid_jobs import PaidJobRows
from db.tables import PhotoSet, Training
from db.values import columns_of, value_of, value_or_none
from services.domain import values
from services.domain.states import FINAL_TRAINING_STATES


class Trainings(PaidJobRows[Training]):
    """Trainings in every state."""

    kind = Training

    async def start(self, training: values.Training) -> values.Training:
        """Keep a new training; there is a photo set of its id already."""
        row = Training(**columns_of(training))
        self._session.add(row)
        return await self.kept(row)

    async def remove(self, training_id: str) -> None:
        """Remove a training with its photos."""
        await self._session.delete(await self._session.get_one(PhotoSet, training_id))
        await self._session.flush()

    async def read(self, training_id: str) -> values.Training | None:
        """Return a training as a value."""
        return value_or_none(values.Training, await self.get(training_id))

    async def kept(self, row: Training) -> values.Training:
        """Return a row as a value, after the database has taken what was changed in it."""
        await self._session.flush()
        return value_of(values.Training, row)

    async def retry_of(self, training_id: str) -> values.Training | None:
        """Return the training that was started to try this one again."""
        row = await self._session.scalar(select(Training).where(Training.retry_of == training_id))
        return value_or_none(values.Training, row)

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of trainings that are under way or whose end is not fully told."""
        untold = Training.finished_at.is_not(None) & ~Training.is_settled
        rows = await self._session.scalars(
            select(Training.id).where(_under_way() | untold).order_by(Training.created_at)
        )
        return rows.all()

    async def count_under_way(self) -> int:
        """Count everybody's trainings that have started and not ended."""
        return (
            await self._session.scalar(
                select(func.count()).select_from(Training).where(_under_way())
            )
            or 0
        )

    async def latest_of(self, user_id: int, limit: int) -> Sequence[values.Training]:
        """Return the user's trainings, newest first."""
        rows = await self._session.scalars(
            select(Training)
            .where(Training.user_id == user_id)
            .order_by(Training.created_at.desc())
            .limit(limit)
        )
        return [value_of(values.Training, row) for row in rows]

    async def all_of(self, user_id: int) -> Sequence[values.Training]:
        """Return the user's trainings."""
        rows = await self._session.scalars(select(Training).where(Training.user_id == user_id))
        return [value_of(values.Training, row) for row in rows]

    async def under_way_of(self, user_id: int) -> Sequence[values.Training]:
        """Return the user's trainings that have started and not ended, oldest first."""
        rows = await self._session.scalars(
            select(Training)
            .where(Training.user_id == user_id, _under_way())
            .order_by(Training.created_at)
        )
        return [value_of(values.Training, row) for row in rows]


def _under_way() -> ColumnElement[bool]:
    return Training.state.not_in(FINAL_TRAINING_STATES)
