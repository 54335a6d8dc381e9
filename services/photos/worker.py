"""Photo work off the event loop, one photo at a time."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from PIL import Image

from services.photos.archive import ArchiveWriter
from services.photos.check import PhotoFacts, check_photo
from services.photos.contact_sheet import Tile, contact_sheet
from services.photos.prepare import prepare_photo
from services.photos.refusal import PhotoRefused
from services.photos.thumbnail import thumbnail

P = ParamSpec("P")
T = TypeVar("T")

FILES_AT_ONCE = 3
"""Bounds memory: so many files of at most 20 MB are held. One is decoded, the next are fetched."""


class PhotoWorker:
    """Runs every decode in one thread of its own, so that only one photo is unpacked at any time.

    A waiting call keeps its `data`, so a file is fetched and handed over inside `async with
    worker.room`, which lets in `FILES_AT_ONCE`. A call that is cancelled once running finishes in
    its thread, unseen. An async context manager: leaving it closes the worker.
    """

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(FILES_AT_ONCE)
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="photos")

    async def check(self, data: bytes) -> PhotoFacts:
        """Check one photo, see `check_photo`.

        Raises:
            PhotoRefused: With the reason.
        """
        return await self._run(check_photo, data)

    async def prepare(self, data: bytes) -> bytes:
        """Prepare one photo, see `prepare_photo`.

        Raises:
            PhotoRefused: With the reason.
        """
        return await self._run(prepare_photo, data)

    async def thumbnail(self, data: bytes) -> Image.Image:
        """Show one photo small, see `thumbnail`.

        Raises:
            PhotoRefused: It cannot be shown.
        """
        return await self._run(thumbnail, data)

    async def contact_sheet(self, tiles: Sequence[Tile]) -> bytes:
        """Draw a contact sheet, see `contact_sheet`."""
        return await self._run(contact_sheet, tiles)

    @asynccontextmanager
    async def archive(self, path: Path) -> AsyncIterator[ArchiveWriter]:
        """Open an archive to fill with `add_to_archive`; an error in the block discards it.

        Args:
            path: Where the archive goes when the block ends well.

        Raises:
            OSError: When it cannot be written.
        """
        writer = await self._run(ArchiveWriter, path)
        try:
            yield writer
        except BaseException:
            await asyncio.shield(self._run(writer.discard))
            raise
        await self._run(writer.finish)

    async def add_to_archive(self, archive: ArchiveWriter, data: bytes) -> str:
        """Prepare one photo as the user sent it and append it.

        Args:
            archive: From `archive`.
            data: The file's bytes, not prepared yet.

        Returns:
            The photo's name in the archive, e.g. `01.jpg`.

        Raises:
            PhotoRefused: When it cannot be used; the archive is as before and can go on.
            OSError: When the archive cannot be written.
        """
        return await self._run(_prepare_into, archive, data)

    async def close(self) -> None:
        """Let the photo in work finish and drop the waiting ones; their callers are cancelled."""
        await asyncio.to_thread(self._executor.shutdown, wait=True, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._executor, lambda: _without_pixels_in_errors(work, *args, **kwargs)
        )


def _prepare_into(archive: ArchiveWriter, data: bytes) -> str:
    return archive.add(prepare_photo(data))


def _without_pixels_in_errors(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run, and on a refusal empty the frames of its traceback and of what led to it.

    They hold the decoded image, up to hundreds of megabytes, for as long as the exception lives.
    """
    try:
        return work(*args, **kwargs)
    except PhotoRefused as refusal:
        error: BaseException | None = refusal
        while error is not None:
            traceback.clear_frames(error.__traceback__)
            error = error.__context__
        raise
