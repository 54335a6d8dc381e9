"""Compares faces, which are looked at again where they are not remembered."""

import logging
from collections.abc import Sequence

from db.database import Database
from services.announcer import PhotoSource
from services.domain.values import Likeness, Photo
from services.domain.vocabulary import PhotoState
from services.errors import PhotoSourceError
from services.photos.coach.judging import COMPARED_FROM
from services.photos.coach.resemblance import percent_of
from services.photos.coach.seen import Compared, Seen, seen_in
from services.photos.refusal import PhotoRefused
from services.photos.worker import PhotoProcessEnded, PhotoWorker

logger = logging.getLogger(__name__)

MAX_SETS_KNOWN = 1000


class Coach:
    """Finds out how much the people on the photos of a set are alike, and pictures like them.

    Args:
        database: Where photos are kept.
        source: Where they are fetched from.
        worker: Looks at them, and remembers the faces as long as its process lives.
    """

    def __init__(self, database: Database, source: PhotoSource, worker: PhotoWorker) -> None:
        self._database = database
        self._source = source
        self._worker = worker
        self._compared: dict[str, frozenset[int]] = {}

    async def compare(self, training_id: str) -> bool:
        """Compare the accepted photos of a draft with one another, once for each set of them.

        Returns:
            Whether something is known now that was not.
        """
        photos = await self._with_faces(training_id)
        ids = frozenset(photo.id for photo in photos)
        if not self._worker.has_coach or self._compared.get(training_id) == ids:
            return False
        self._compared.pop(training_id, None)
        self._compared[training_id] = ids
        if len(self._compared) > MAX_SETS_KNOWN:
            del self._compared[next(iter(self._compared))]
        try:
            compared = await self._alike(photos)
        except PhotoProcessEnded as error:
            logger.warning("the photos of draft %s were not compared: %s", training_id, error)
            return False
        return await self._keep(photos, compared)

    async def likeness(self, training_id: str, picture: bytes) -> Likeness | None:
        """Compare the face on a picture with those on the accepted photos of a training.

        Returns:
            None where nobody looks, where too few of the photos can be fetched, or where the
            picture cannot be read.
        """
        if not self._worker.has_coach:
            return None
        try:
            photos = await self._remembered(training_id)
            if len(photos) < COMPARED_FROM:
                return None
            compared = await self._worker.likeness(picture, photos)
        except (PhotoProcessEnded, PhotoRefused) as error:
            logger.warning("a picture of training %s is not compared: %s", training_id, error)
            return None
        if compared.missing:
            return None
        (similarity,) = compared.numbers
        return Likeness(None if similarity is None else percent_of(similarity))

    async def _remembered(self, training_id: str) -> list[str]:
        """Return the digests of those photos whose faces are remembered now."""
        async with self._database.transaction() as tx:
            photos = await tx.photos.in_state(training_id, PhotoState.ACCEPTED)
        # Photos from before there was a coach may show a face, those that it saw none on do not.
        shown = [
            photo
            for photo in photos
            if photo.sha256 and ((seen := seen_in(photo.seen)) is None or seen.faces)
        ]
        compared = await self._alike(shown)
        return [photo.sha256 or "" for photo in shown if photo.sha256 not in compared.missing]

    async def _with_faces(self, training_id: str) -> list[Photo]:
        async with self._database.transaction() as tx:
            photos = await tx.photos.in_state(training_id, PhotoState.ACCEPTED)
        return [
            photo
            for photo in photos
            if photo.sha256 and (seen := seen_in(photo.seen)) is not None and seen.faces
        ]

    async def _alike(self, photos: Sequence[Photo]) -> Compared:
        known = [photo.sha256 or "" for photo in photos]
        compared = await self._worker.alike(known)
        if compared.missing:
            await self._look_again([one for one in photos if one.sha256 in compared.missing])
            compared = await self._worker.alike(known)
        return compared

    async def _look_again(self, photos: Sequence[Photo]) -> None:
        for photo in photos:
            async with self._worker.room:
                try:
                    await self._worker.look(await self._source.fetch(photo.file_id))
                except (PhotoSourceError, PhotoRefused) as error:
                    logger.info("photo %s is not compared: %s", photo.id, type(error).__name__)

    async def _keep(self, photos: Sequence[Photo], compared: Compared) -> bool:
        if compared.missing:
            return False
        has_changed = False
        async with self._database.transaction() as tx:
            for photo, number in zip(photos, compared.numbers, strict=True):
                seen = seen_in(photo.seen) or Seen(faces=0)
                if seen.alike != number:
                    has_changed = True
                    await tx.photos.note_seen(photo.id, seen.compared(number).stored())
        return has_changed
