"""Photos of trainings."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.claims import Claims
from db.upsert import insert_missing
from db.values import value_of, value_or_none
from services.domain.values import INSISTED, Consent, Photo
from services.domain.vocabulary import PhotoState


class Photos:
    """The pictures of a training, in the order they were sent."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open_set(self, set_id: str, user_id: int, consent: Consent) -> None:
        """Begin the photo set of a draft or training that is to have this id."""
        self._session.add(
            tables.PhotoSet(
                id=set_id,
                user_id=user_id,
                consent_at=consent.at,
                consent_version=consent.version,
            )
        )
        await self._session.flush()

    async def consent_to(self, set_id: str) -> Consent:
        """Return what the user agreed to for these photos."""
        row = await self._session.get_one(tables.PhotoSet, set_id)
        return Consent(version=row.consent_version, at=row.consent_at)

    async def latest_consent(self, user_id: int) -> Consent | None:
        """Return what a user agreed to last, for photos that are kept."""
        row = await self._session.scalar(
            select(tables.PhotoSet)
            .where(tables.PhotoSet.user_id == user_id)
            .order_by(tables.PhotoSet.consent_at.desc())
            .limit(1)
        )
        return None if row is None else Consent(version=row.consent_version, at=row.consent_at)

    async def agree(self, set_id: str, consent: Consent) -> None:
        """Record that the user has agreed again."""
        row = await self._lock_set(set_id)
        row.consent_at, row.consent_version = consent.at, consent.version

    async def counter_message(self, set_id: str) -> int | None:
        """Return which message counts the photos."""
        row = await self._session.get(tables.PhotoSet, set_id)
        return row.counter_message_id if row else None

    async def set_counter_message(self, set_id: str, message_id: int | None) -> None:
        """Remember which message counts the photos."""
        await self._session.execute(
            update(tables.PhotoSet)
            .where(tables.PhotoSet.id == set_id)
            .values(counter_message_id=message_id)
        )

    async def record(self, values: Mapping[str, Any]) -> bool:
        """Record a photo unless its file is in the training already; it gets the next number.

        Returns:
            Whether the row is new.
        """
        photo_set = await self._lock_set(values["training_id"])
        number = photo_set.photos_numbered + 1
        is_new = await insert_missing(
            self._session,
            tables.Photo,
            {**values, "number": number},
            index_elements=["training_id", "file_unique_id"],
        )
        if is_new:
            photo_set.photos_numbered = number
            await self._session.flush()
        return is_new

    async def find(self, training_id: str, file_unique_id: str) -> Photo | None:
        """Return the photo of a file, which nobody else changes until the transaction ends."""
        row = await self._session.scalar(
            select(tables.Photo)
            .where(
                tables.Photo.training_id == training_id,
                tables.Photo.file_unique_id == file_unique_id,
            )
            .with_for_update()
        )
        return value_or_none(Photo, row)

    async def lock(self, photo_id: int) -> Photo | None:
        """Return a photo that nobody else changes until the transaction ends."""
        row = await self._session.get(tables.Photo, photo_id, with_for_update=True)
        return value_or_none(Photo, row)

    async def accept(self, photo_id: int) -> None:
        """Say that a pending photo can be used."""
        await self._session.execute(
            update(tables.Photo)
            .where(tables.Photo.id == photo_id, tables.Photo.state == PhotoState.PENDING)
            .values(state=PhotoState.ACCEPTED, refusal_params={})
        )

    async def describe(
        self,
        photo_id: int,
        sha256: str,
        fingerprint: str,
        seen: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what the check of a photo has found; `sha256` is that of its bytes."""
        await self._session.execute(
            update(tables.Photo)
            .where(tables.Photo.id == photo_id)
            .values(sha256=sha256, fingerprint=fingerprint, seen=seen)
        )

    async def note_seen(self, photo_id: int, seen: Mapping[str, Any]) -> None:
        """Keep what was seen on a photo."""
        await self._session.execute(
            update(tables.Photo).where(tables.Photo.id == photo_id).values(seen=dict(seen))
        )

    async def accept_after_all(self, training_id: str, refusal: str, at_most: int) -> int:
        """Accept photos that were refused for one reason, the first ones first.

        Returns:
            How many are accepted now.
        """
        rows = await self._session.scalars(
            select(tables.Photo)
            .where(
                tables.Photo.training_id == training_id,
                tables.Photo.state == PhotoState.REFUSED,
                tables.Photo.refusal == refusal,
                tables.Photo.sha256.is_not(None),
            )
            .order_by(tables.Photo.message_id, tables.Photo.id)
            .limit(max(0, at_most))
        )
        photos = rows.all()
        for photo in photos:
            photo.state, photo.refusal = PhotoState.ACCEPTED, None
        await self._session.flush()
        return len(photos)

    async def insist(self, training_id: str) -> None:
        """Have the photos that wait for their check taken also where nobody is seen on them."""
        await self._session.execute(
            update(tables.Photo)
            .where(
                tables.Photo.training_id == training_id,
                tables.Photo.state == PhotoState.PENDING,
            )
            .values(refusal_params=dict(INSISTED))
        )

    async def refuse(self, photo_id: int, refusal: str, params: Mapping[str, Any]) -> None:
        """Say why a photo cannot be used."""
        await self._session.execute(
            update(tables.Photo)
            .where(tables.Photo.id == photo_id)
            .values(state=PhotoState.REFUSED, refusal=refusal, refusal_params=dict(params))
        )

    async def lose(self, training_id: str, numbers: Collection[int], refusal: str) -> None:
        """Say that accepted photos, named by their numbers, cannot be used any more."""
        await self._session.execute(
            update(tables.Photo)
            .where(
                tables.Photo.training_id == training_id,
                tables.Photo.number.in_(numbers),
                tables.Photo.state == PhotoState.ACCEPTED,
            )
            .values(state=PhotoState.REFUSED, refusal=refusal)
        )

    async def check_again(self, photo_id: int, message_id: int, file_id: str) -> None:
        """Check a refused photo that was sent again once more, in its new place.

        Its earlier checks came to an end, so they do not count against it.
        """
        await self._session.execute(
            update(tables.Photo)
            .where(tables.Photo.id == photo_id, tables.Photo.state == PhotoState.REFUSED)
            .values(
                state=PhotoState.PENDING,
                refusal=None,
                refusal_params={},
                checks=0,
                message_id=message_id,
                file_id=file_id,
            )
        )

    async def count_check(self, photo_id: int, change: int, at_most: int) -> bool:
        """Count that a check is begun (1), or take that back (-1).

        Returns:
            False when the photo has had `at_most` checks; nothing is counted then.
        """
        photo = await self.lock(photo_id)
        if photo is None:
            return True
        if change > 0 and photo.checks >= at_most:
            return False
        await self._session.execute(
            update(tables.Photo)
            .where(tables.Photo.id == photo_id)
            .values(checks=tables.Photo.checks + change)
        )
        return True

    async def count_repeat(self, photo_id: int) -> None:
        """Count that a photo was sent once more."""
        await self._session.execute(
            update(tables.Photo)
            .where(tables.Photo.id == photo_id)
            .values(repeats=tables.Photo.repeats + 1)
        )

    async def all_of(self, training_id: str) -> Sequence[Photo]:
        """Return every photo of a training, refused ones too, in the order they were sent."""
        rows = await self._session.scalars(
            select(tables.Photo)
            .where(tables.Photo.training_id == training_id)
            .order_by(tables.Photo.message_id, tables.Photo.id)
        )
        return [value_of(Photo, row) for row in rows]

    async def in_state(self, training_id: str, state: PhotoState) -> Sequence[Photo]:
        """Return the photos of a training that are in one state, in the order they were sent."""
        rows = await self._session.scalars(
            select(tables.Photo)
            .where(tables.Photo.training_id == training_id, tables.Photo.state == state)
            .order_by(tables.Photo.message_id, tables.Photo.id)
        )
        return [value_of(Photo, row) for row in rows]

    async def count(self, training_id: str, state: PhotoState) -> int:
        """Count the photos of a training that are in one state."""
        return (
            await self._session.scalar(
                select(func.count())
                .select_from(tables.Photo)
                .where(tables.Photo.training_id == training_id, tables.Photo.state == state)
            )
            or 0
        )

    async def refuse_pending(self, training_id: str, refusal: str) -> None:
        """Refuse all pending photos of a training for one reason."""
        await self._session.execute(
            update(tables.Photo)
            .where(
                tables.Photo.training_id == training_id, tables.Photo.state == PhotoState.PENDING
            )
            .values(state=PhotoState.REFUSED, refusal=refusal, refusal_params={})
        )

    async def copy_accepted(self, from_training_id: str, to_training_id: str) -> None:
        """Copy the accepted photos of one training to another that has none."""
        source = await self._session.get_one(tables.PhotoSet, from_training_id)
        target = await self._lock_set(to_training_id)
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
            "fingerprint",
            "seen",
        )
        for photo in await self.in_state(from_training_id, PhotoState.ACCEPTED):
            values = {column: getattr(photo, column) for column in columns}
            self._session.add(tables.Photo(training_id=to_training_id, **values))

    async def remove(self, photo_id: int) -> None:
        """Remove one photo."""
        await self._session.execute(delete(tables.Photo).where(tables.Photo.id == photo_id))

    async def remove_all(self, training_id: str) -> None:
        """Remove every photo of a training; numbers start from 1 again."""
        await self._session.execute(
            delete(tables.Photo).where(tables.Photo.training_id == training_id)
        )
        (await self._lock_set(training_id)).photos_numbered = 0

    async def _lock_set(self, set_id: str) -> tables.PhotoSet:
        return await self._session.get_one(tables.PhotoSet, set_id, with_for_update=True)

    @property
    def claims(self) -> Claims:
        """Drafts with photos that wait for their check, as replicas have them in hand."""
        waiting = (
            select(tables.Photo.id)
            .where(
                tables.Photo.training_id == tables.Draft.id,
                tables.Photo.state == PhotoState.PENDING,
            )
            .exists()
        )
        return Claims(self._session, tables.Draft, waiting)

    async def trainings_with_pending(self) -> Sequence[str]:
        """Return the ids of drafts that have photos waiting for their check."""
        rows = await self._session.scalars(
            select(tables.Photo.training_id)
            .join(tables.Draft, tables.Draft.id == tables.Photo.training_id)
            .where(tables.Photo.state == PhotoState.PENDING)
            .distinct()
        )
        return rows.all()
