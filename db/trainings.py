"""Trainings."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select

from db.paid_jobs import PaidJobRows
from db.tables import Model, PhotoSet, Training
from db.values import columns_of, value_of, value_or_none
from services.domain import values
from services.domain.clock import now
from services.domain.states import FINAL_TRAINING_STATES, TrainingState


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

    async def locked(self, training_id: str) -> values.Training | None:
        """Return a training as a value that stays true until the transaction ends."""
        return value_or_none(values.Training, await self.lock(training_id))

    async def begin_packing(self, training_id: str) -> values.Training | None:
        """Start to pack from the first photo; None where it is not the time for that any more."""
        row = await self._lock_in(training_id, TrainingState.PREPARING, TrainingState.UPLOADING)
        if row is None:
            return None
        row.state, row.prepared_photos = TrainingState.PREPARING, 0
        return await self.kept(row)

    async def note_packed(self, training_id: str, photos: int) -> bool:
        """Note how many photos are packed.

        Returns:
            Whether to go on: not where the user wants it stopped or the row is gone.
        """
        row = await self.lock(training_id)
        if row is None or row.cancel_requested_at is not None:
            return False
        row.prepared_photos = photos
        return True

    async def ask(self, training_id: str) -> bool:
        """Have a training that is packed wait for its user; return whether this call did."""
        row = await self._lock_in(training_id, TrainingState.PREPARING)
        if row is not None:
            row.state = TrainingState.ASKING
        return row is not None

    async def answer(self, training_id: str) -> None:
        """Go on with a training that waits for its user."""
        row = await self._lock_in(training_id, TrainingState.ASKING)
        if row is not None:
            row.state = TrainingState.PREPARING

    async def begin_upload(self, training_id: str) -> None:
        """Note that the archive is packed and on its way to fal."""
        row = await self._lock_in(training_id, TrainingState.PREPARING)
        if row is not None:
            row.state = TrainingState.UPLOADING

    async def end_upload(self, training_id: str, archive_url: str) -> None:
        """Note that fal has the archive: ready to be submitted, unless it is to be stopped.

        A cancel that came during the upload still costs nothing; after this it is asked of fal.
        """
        row = await self._lock_in(training_id, TrainingState.UPLOADING)
        if row is not None and row.cancel_requested_at is None:
            row.archive_url, row.state = archive_url, TrainingState.SUBMITTING

    async def request_cancel(self, training_id: str) -> None:
        """Note that the user wants a training stopped; the first time counts."""
        row = await self.lock(training_id)
        if row is not None:
            row.cancel_requested_at = row.cancel_requested_at or now()

    async def show_in(self, training_id: str, message_id: int | None) -> None:
        """Remember which message shows the progress."""
        row = await self.lock(training_id)
        if row is not None:
            row.progress_message_id = message_id

    async def note_told(self, training_id: str) -> None:
        """Note that the user was told of the end, unless a second look has begun meanwhile."""
        row = await self._lock_in(training_id, *FINAL_TRAINING_STATES)
        if row is not None:
            row.announced_at = row.announced_at or now()

    async def note_settled(self, training_id: str) -> None:
        """Note that the progress message shows the end, unless a second look has begun."""
        row = await self._lock_in(training_id, *FINAL_TRAINING_STATES)
        if row is not None:
            row.is_settled = True

    async def _lock_in(self, training_id: str, *states: TrainingState) -> Training | None:
        row = await self.lock(training_id)
        return row if row is not None and row.state in states else None

    async def retry_of(self, training_id: str) -> values.Training | None:
        """Return the training that was started to try this one again."""
        row = await self._session.scalar(select(Training).where(Training.retry_of == training_id))
        return value_or_none(values.Training, row)

    @staticmethod
    def _unfinished() -> ColumnElement[bool]:
        """Return which are under way, or have an end that is not fully told."""
        # What is under way is not settled; the index is of those that are not.
        return ~Training.is_settled & (_under_way() | Training.finished_at.is_not(None))

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

    async def latest_with_models(
        self, user_id: int, limit: int
    ) -> Sequence[tuple[values.Training, values.Model | None]]:
        """Return the user's trainings, newest first, each with the model that it has made."""
        rows = await self._session.execute(
            select(Training, Model)
            .outerjoin(Model, Model.training_id == Training.id)
            .where(Training.user_id == user_id)
            .order_by(Training.created_at.desc())
            .limit(limit)
        )
        return [
            (value_of(values.Training, row), value_or_none(values.Model, model))
            for row, model in rows
        ]

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
