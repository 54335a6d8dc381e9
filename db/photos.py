"""Photos of trainings."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Photo, Training
from db.upsert import insert_missing
from services.domain.states import TrainingState
from services.domain.vocabulary import PhotoState


class Photos:
    """The pictures of a training, in the order they were sent."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(self, values: Mapping[str, Any]) -> bool:
        """Record a photo unless its file is in the training already; it gets the next number.

        Returns:
            Whether the row is new.
        """
        training = await self._session.get_one(
            Training, values["training_id"], with_for_update=True
        )
        number = training.photos_numbered + 1
        is_new = await insert_missing(
            self._session,
            Photo,
            {**values, "number": number},
            index_elements=["training_id", "file_unique_id"],
        )
        if is_new:
            training.photos_numbered = number
            await self._session.flush()
        return is_new

    async def find(self, training_id: str, file_unique_id: str) -> Photo | None:
        """Give the row of a file, for changing."""
        return await self._session.scalar(
            select(Photo)
            .where(Photo.training_id == training_id, Photo.file_unique_id == file_unique_id)
            .with_for_update()
        )

    async def lock(self, photo_id: int) -> Photo | None:
        """Give a photo that nobody else changes until the transaction ends."""
        return await self._session.get(Photo, photo_id, with_for_update=True)

    async def all_of(self, training_id: str) -> Sequence[Photo]:
        """Give every photo of a training, refused ones too, in the order they were sent."""
        rows = await self._session.scalars(
            select(Photo)
            .where(Photo.training_id == training_id)
            .order_by(Photo.message_id, Photo.id)
        )
        return rows.all()

    async def in_state(self, training_id: str, state: PhotoState) -> Sequence[Photo]:
        """Give the photos of a training that are in one state, in the order they were sent."""
        rows = await self._session.scalars(
            select(Photo)
            .where(Photo.training_id == training_id, Photo.state == state)
            .order_by(Photo.message_id, Photo.id)
        )
        return rows.all()

    async def count(self, training_id: str, state: PhotoState) -> int:
        """Count the photos of a training that are in one state."""
        return (
            await self._session.scalar(
                select(func.count())
                .select_from(Photo)
                .where(Photo.training_id == training_id, Photo.state == state)
            )
            or 0
        )

    async def accepted_with_hash(self, training_id: str, sha256: str) -> Photo | None:
        """Give the accepted photo of the training that has exactly these bytes."""
        return await self._session.scalar(
            select(Photo)
            .where(
                Photo.training_id == training_id,
                Photo.state == PhotoState.ACCEPTED,
                Photo.sha256 == sha256,
            )
            .limit(1)
        )

    async def refuse_pending(self, training_id: str, refusal: str) -> None:
        """Refuse all pending photos of a training for one reason."""
        await self._session.execute(
            update(Photo)
            .where(Photo.training_id == training_id, Photo.state == PhotoState.PENDING)
            .values(state=PhotoState.REFUSED, refusal=refusal)
        )

    async def copy_accepted(self, from_training_id: str, to_training_id: str) -> None:
        """Give the accepted photos of one training to another one that has none."""
        source = await self._session.get_one(Training, from_training_id)
        target = await self._session.get_one(Training, to_training_id, with_for_update=True)
        target.photos_numbered = source.photos_numbered
        columns = (
            "number",
            "message_id",
            "file_id",
            "file_unique_id",
            "thumbnail_file_id",
            "label",
            "state",
            "refusal_params",
            "sha256",
        )
        for photo in await self.in_state(from_training_id, PhotoState.ACCEPTED):
            values = {column: getattr(photo, column) for column in columns}
            self._session.add(Photo(training_id=to_training_id, **values))

    async def remove(self, photo: Photo) -> None:
        """Remove one photo."""
        await self._session.delete(photo)

    async def remove_all(self, training_id: str) -> None:
        """Remove every photo of a training; numbers begin anew."""
        await self._session.execute(delete(Photo).where(Photo.training_id == training_id))
        training = await self._session.get_one(Training, training_id, with_for_update=True)
        training.photos_numbered = 0

    async def trainings_with_pending(self) -> Sequence[str]:
        """Give the ids of drafts that have photos waiting for their check."""
        rows = await self._session.scalars(
            select(Photo.training_id)
            .join(Training)
            .where(Photo.state == PhotoState.PENDING, Training.state == TrainingState.DRAFT)
            .distinct()
        )
        return rows.all()
