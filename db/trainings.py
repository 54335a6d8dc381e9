"""Trainings."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, inspect, select, update
from sqlalchemy.exc import IntegrityError

from db.paid_jobs import PaidJobRows
from db.tables import Photo, Training
from db.values import value_of, value_or_none
from services.domain import values
from services.domain.clock import now
from services.domain.states import FINAL_TRAINING_STATES, TrainingState

TRIGGER_WORD_DRAWS = 20
"""With 65,536 suffixes a name must be used tens of thousands of times before 20 draws fail."""


class Trainings(PaidJobRows[Training]):
    """Trainings in every state, drafts included."""

    kind = Training

    def add(self, training: Training) -> None:
        """Keep a new training."""
        self._session.add(training)

    async def remove(self, training: Training) -> None:
        """Remove a training with its photos."""
        await self._session.delete(training)

    async def draft_of(self, user_id: int) -> Training | None:
        """Return the user's one unfinished draft."""
        return await self._session.scalar(
            select(Training).where(
                Training.user_id == user_id, Training.state == TrainingState.DRAFT
            )
        )

    async def drafts_untouched_since(self, moment: datetime) -> Sequence[str]:
        """Return the ids of drafts whose users have done nothing with them since, oldest first."""
        rows = await self._session.scalars(
            select(Training.id)
            .where(Training.state == TrainingState.DRAFT, Training.updated_at <= moment)
            .order_by(Training.updated_at)
        )
        return rows.all()

    async def note_reminder(self, training_id: str) -> None:
        """Remember that the user was told of a draft's age, which this does not change."""
        await self._session.execute(
            update(Training)
            .where(Training.id == training_id)
            .values(reminded_at=now(), updated_at=Training.updated_at)
        )

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

    async def claim_trigger_word(self, training: Training, draw: Callable[[], str]) -> None:
        """Return a training, new or kept, a trigger word that no other one has.

        Words are drawn until one is free.

        The unique constraint decides, so two trainings cannot claim the same word.

        Raises:
            IntegrityError: Every one of many draws was taken.
        """
        for attempts_left in reversed(range(TRIGGER_WORD_DRAWS)):
            try:
                async with self._session.begin_nested():
                    training.trigger_word = draw()
                    self._session.add(training)
                    await self._session.flush()
            except IntegrityError:
                if not attempts_left:
                    raise
                # The failed savepoint has expired a kept row; read it again for the next draw.
                if inspect(training).persistent:
                    await self._session.refresh(training)
            else:
                return

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
        """Return the user's started trainings, newest first."""
        rows = await self._session.scalars(
            select(Training)
            .where(Training.user_id == user_id, Training.finished_at.is_not(None) | _under_way())
            .order_by(Training.created_at.desc())
            .limit(limit)
        )
        return [value_of(values.Training, row) for row in rows]

    async def in_photo_step(self, closed: int) -> Sequence[str]:
        """Return the ids of drafts with photos whose counter's message is not `closed`."""
        rows = await self._session.scalars(
            select(Training.id)
            .where(
                Training.state == TrainingState.DRAFT,
                func.coalesce(Training.counter_message_id, -1) != closed,
                exists().where(Photo.training_id == Training.id),
            )
            .order_by(Training.created_at)
        )
        return rows.all()

    async def all_of(self, user_id: int) -> Sequence[values.Training]:
        """Return the user's trainings, drafts included."""
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
    return Training.state.not_in([TrainingState.DRAFT, *FINAL_TRAINING_STATES])
