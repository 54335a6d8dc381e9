"""Fetches the photos of a training, prepares them and packs them into a zip."""

import logging
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir, mkdtemp
from typing import NamedTuple

from services.announcer import PhotoSource
from services.domain.values import Photo
from services.errors import PhotoGone
from services.photos.archive import ArchiveWriter
from services.photos.coach.seen import turn_of
from services.photos.refusal import PhotoRefused
from services.photos.worker import PhotoProcessEnded, PhotoWorker

logger = logging.getLogger(__name__)

TRIES = 2
"""A photo that ends the photo process is tried once more: something else may have ended it, such
as a machine without memory, and a training of few photos would fail for it."""


def emptied_folder(name: str) -> Path:
    """Return a private folder of this name among the system's temporary files, with nothing in it.

    What a killed process has left there is removed. Where the name belongs to somebody else, the
    folder gets another one.
    """
    folder = Path(gettempdir(), name)
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(mode=0o700)
    except OSError:
        return Path(mkdtemp(prefix=f"{name}-"))
    return folder


def own_folder(name: str) -> Path:
    """Return a folder as `emptied_folder` does, for one of several processes of this machine.

    Those of processes that are no more are removed.
    """
    for folder in Path(gettempdir()).glob(f"{name}-*"):
        pid = folder.name.removeprefix(f"{name}-")
        if pid.isdecimal() and not _runs(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)
    return emptied_folder(f"{name}-{os.getpid()}")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class Packed(NamedTuple):
    """An archive of photos.

    Attributes:
        path: The zip file.
        photos: How many photos it holds.
        left_out: Numbers of the photos that could no longer be fetched or used.
    """

    path: Path
    photos: int
    left_out: tuple[int, ...]


class Packing:
    """Makes archives in private temporary folders that are removed with them.

    Args:
        source: Where photos are fetched from.
        worker: Prepares them.
        folder: Where the temporary folders are made; None for the system's own place.
    """

    def __init__(
        self, source: PhotoSource, worker: PhotoWorker, folder: Path | None = None
    ) -> None:
        self._source = source
        self._worker = worker
        self._folder = folder

    @asynccontextmanager
    async def archive(
        self, photos: list[Photo], packed: Callable[[int], Awaitable[None]]
    ) -> AsyncIterator[Packed]:
        """Pack photos, one at a time so that memory stays bounded.

        Args:
            photos: In the order they go into the archive.
            packed: Told the number of photos done after each one; what it raises stops the work.

        Yields:
            The archive; a photo that can no longer be fetched or used is left out of it.

        Raises:
            PhotoUnavailable: A photo cannot be fetched now.
        """
        with TemporaryDirectory(prefix="neurophoto-", dir=self._folder) as folder:
            path = Path(folder, "photos.zip")
            count, left_out = 0, []
            async with self._worker.archive(path) as archive:
                for done, photo in enumerate(photos, start=1):
                    try:
                        await self._add(archive, photo)
                        count += 1
                    except (PhotoGone, PhotoRefused, PhotoProcessEnded) as error:
                        logger.warning("photo %s is left out: %s", photo.id, error)
                        left_out.append(photo.number)
                    await packed(done)
            yield Packed(path, count, tuple(left_out))

    async def _add(self, archive: ArchiveWriter, photo: Photo) -> None:
        async with self._worker.room:
            data = await self._source.fetch(photo.file_id)
            for tried in range(1, TRIES + 1):
                try:
                    await self._worker.add_to_archive(archive, data, turn_of(photo.seen))
                except PhotoProcessEnded as error:
                    if tried == TRIES:
                        raise
                    logger.warning("photo %s is tried again: %s", photo.id, error)
                else:
                    return
