"""Generated pictures, small: for fronts that show many at once."""

from services.domain.values import Picture
from services.photos.refusal import PhotoRefused
from services.photos.worker import PhotoProcessEnded, PhotoWorker
from services.pictures.service import PictureService


class Thumbnails:
    """Makes pictures small, in the process of photos.

    Args:
        pictures: Where they are fetched from.
        worker: Makes them small.
    """

    def __init__(self, pictures: PictureService, worker: PhotoWorker) -> None:
        self._pictures = pictures
        self._worker = worker

    async def of(self, picture: Picture) -> bytes | None:
        """Return a picture small, as a JPEG; None where it cannot be fetched or shown now."""
        async with self._worker.room:
            original = await self._pictures.original(picture)
            if original.data is None:
                return None
            try:
                return await self._worker.thumbnail(original.data)
            except (PhotoRefused, PhotoProcessEnded):
                return None
