"""The numbered photos of a draft: shown on a contact sheet, removed by their numbers."""

import asyncio
from collections.abc import Callable, Collection, Sequence

from db.database import Database
from services.announcer import PhotoSource
from services.domain.values import Photo
from services.domain.vocabulary import PhotoState
from services.errors import PhotoSourceError, UnknownPhotos
from services.photos.coach.seen import turn_of
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.tile import MAX_TILES, Mark, Tile
from services.photos.worker import PhotoProcessEnded, PhotoWorker
from services.training.own_draft import own_draft

NUMBERS_LISTED = 5
"""Enough to see which numbers were wrong."""

_NOTHING_TO_SEE = {
    reason.value
    for reason in (
        RefusalReason.TOO_BIG,
        RefusalReason.TOO_MANY_PIXELS,
        RefusalReason.TOO_HEAVY,
        RefusalReason.UNREADABLE,
        RefusalReason.UNCHECKABLE,
        RefusalReason.GIF,
        RefusalReason.VIDEO,
        RefusalReason.PDF,
        RefusalReason.FOREIGN_PHOTO,
        RefusalReason.NOT_A_PHOTO,
        RefusalReason.GONE,
    )
}


class ContactSheets:
    """Use cases of looking over the photos of a draft.

    Args:
        database: Where drafts are kept.
        source: Where photos are fetched from.
        worker: Makes thumbnails and sheets.
        check_photos: Has the counter of a draft catch up.
    """

    def __init__(
        self,
        database: Database,
        source: PhotoSource,
        worker: PhotoWorker,
        check_photos: Callable[[str], None],
    ) -> None:
        self._database = database
        self._source = source
        self._worker = worker
        self._check_photos = check_photos

    async def photos(self, user_id: int, training_id: str) -> Sequence[Photo]:
        """Return the photos that go on a sheet, in the order they were sent; there may be none.

        Of very many, the oldest refused ones are left out.

        Raises:
            NotFound: The draft was dropped.
            StaleButton: It has started.
        """
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, training_id)
            photos = list(await tx.photos.all_of(training_id))
        refused = [photo for photo in photos if photo.state == PhotoState.REFUSED]
        left_out = {photo.id for photo in refused[: max(0, len(photos) - MAX_TILES)]}
        return [photo for photo in photos if photo.id not in left_out][:MAX_TILES]

    async def draw(
        self,
        photos: Sequence[Photo],
        words_of: Callable[[Photo], str],
        flawed: Collection[int] = (),
    ) -> bytes:
        """Draw a contact sheet; a photo that cannot be fetched or shown is a grey tile.

        Args:
            photos: From `photos`.
            words_of: What is written under a photo.
            flawed: Ids of accepted photos that could be better.

        Returns:
            A JPEG.
        """
        thumbnails = await asyncio.gather(*(self.thumbnail(photo) for photo in photos))
        tiles = [
            Tile(photo.number, _mark_of(photo, flawed), words_of(photo), picture)
            for photo, picture in zip(photos, thumbnails, strict=True)
        ]
        return await self._worker.contact_sheet(tiles)

    async def thumbnail(self, photo: Photo) -> bytes | None:
        """Return a photo small, as a JPEG; None where it cannot be fetched or shown."""
        if photo.thumbnail_file_id is None and photo.refusal in _NOTHING_TO_SEE:
            return None
        async with self._worker.room:
            try:
                data = await self._source.fetch(photo.thumbnail_file_id or photo.file_id)
                return await self._worker.thumbnail(data, turn_of(photo.seen))
            except (PhotoSourceError, PhotoRefused, PhotoProcessEnded):
                return None

    async def remove(self, user_id: int, training_id: str, numbers: Collection[int]) -> int:
        """Remove the photos with these numbers, all of them or none.

        Returns:
            How many photos are left, refused ones included.

        Raises:
            NotFound: The draft was dropped.
            StaleButton: It has started.
            UnknownPhotos: There is no photo with one of the numbers; nothing is removed.
        """
        async with self._database.transaction() as tx:
            await own_draft(tx, user_id, training_id)
            photos = {photo.number: photo for photo in await tx.photos.all_of(training_id)}
            if unknown := sorted(set(numbers) - set(photos)):
                listed = ", ".join(map(str, unknown[:NUMBERS_LISTED]))
                more = "…" if len(unknown) > NUMBERS_LISTED else ""
                raise UnknownPhotos(numbers=listed + more, count=len(unknown))
            for number in set(numbers):
                await tx.photos.remove(photos[number].id)
        self._check_photos(training_id)
        return len(photos) - len(set(numbers))


def _mark_of(photo: Photo, flawed: Collection[int]) -> Mark:
    return Mark.WARNING if photo.id in flawed else Mark(photo.state.value)
