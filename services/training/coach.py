"""Compares faces, which are looked at again where they are not remembered."""

import hashlib
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


class Coach:
    """Finds out how much the people in the photos of a set are alike, and pictures like them.

    Faces are forgotten with the photo process, a minute after the last photo. So that a set whose
    photos come slowly is not looked at again for each of them, faces that are remembered are
    compared at once, and all of them when the user is done.

    Args:
        database: Where photos are kept.
        source: Where they are fetched from.
        worker: Looks at them, and remembers the faces as long as its process lives.
    """

    def __init__(self, database: Database, source: PhotoSource, worker: PhotoWorker) -> None:
        self._database = database
        self._source = source
        self._worker = worker

    async def is_compared(self, training_id: str) -> bool:
        """Return whether the accepted photos of a draft were compared, or need not be."""
        return not self._worker.has_coach or _is_compared(await self._with_faces(training_id))

    async def compare(self, training_id: str, *, by_looking_again: bool = False) -> bool:
        """Compare the accepted photos of a draft with one another, once for each set of them.

        Args:
            training_id: The draft.
            by_looking_again: Whether photos whose faces are forgotten are looked at again. The set
                counts as compared then, even where that could not be done.

        Returns:
            Whether something is known now that was not.
        """
        photos = await self._with_faces(training_id)
        if not self._worker.has_coach or _is_compared(photos):
            return False
        if self._worker.process_id is None and not by_looking_again:
            return False
        numbers: Sequence[float | None] | None = None
        try:
            compared = await self._alike(photos, by_looking_again=by_looking_again)
            numbers = None if compared.missing else compared.numbers
        except PhotoProcessEnded as error:
            logger.warning("the photos of draft %s were not compared: %s", training_id, error)
        if numbers is None and not by_looking_again:
            return False
        return await self._keep(photos, numbers)

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
        compared = await self._alike(shown, by_looking_again=True)
        return [photo.sha256 or "" for photo in shown if photo.sha256 not in compared.missing]

    async def _with_faces(self, training_id: str) -> list[Photo]:
        async with self._database.transaction() as tx:
            photos = await tx.photos.in_state(training_id, PhotoState.ACCEPTED)
        return [photo for photo in photos if photo.sha256 and _seen(photo).faces]

    async def _alike(self, photos: Sequence[Photo], *, by_looking_again: bool) -> Compared:
        known = [photo.sha256 or "" for photo in photos]
        compared = await self._worker.alike(known)
        if compared.missing and by_looking_again:
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

    async def _keep(self, photos: Sequence[Photo], numbers: Sequence[float | None] | None) -> bool:
        among, has_changed = _set_of(photos), False
        async with self._database.transaction() as tx:
            for index, photo in enumerate(photos):
                seen = _seen(photo)
                alike = seen.alike if numbers is None else numbers[index]
                has_changed = has_changed or alike != seen.alike
                await tx.photos.note_seen(photo.id, seen.compared(alike, among).stored())
        return has_changed


def _seen(photo: Photo) -> Seen:
    return seen_in(photo.seen) or Seen(faces=0)


def _is_compared(photos: Sequence[Photo]) -> bool:
    if len(photos) < COMPARED_FROM:
        return all(_seen(photo).alike is None for photo in photos)
    among = _set_of(photos)
    return all(_seen(photo).among == among for photo in photos)


def _set_of(photos: Sequence[Photo]) -> str:
    """Return a digest that tells one set of photos from another."""
    ids = ",".join(str(photo.id) for photo in photos)
    return hashlib.sha256(ids.encode()).hexdigest()[:12]
