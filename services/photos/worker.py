"""Photo work outside the bot's process, one photo at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from services.photos.archive import ArchiveWriter
from services.photos.child import PhotoChild, PhotoProcessEnded
from services.photos.coach.seen import Compared, Seen
from services.photos.facts import PhotoFacts
from services.photos.limits import Limits
from services.photos.messages import Message
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.tile import Tile

__all__ = ["FILES_AT_ONCE", "PhotoProcessEnded", "PhotoWorker"]

P = ParamSpec("P")
T = TypeVar("T")

FILES_AT_ONCE = 3
"""Bounds memory: so many files of at most 20 MB are held. One is decoded, the next are fetched."""


class PhotoWorkFailed(Exception):
    """The photo process reports a bug of ours, with its traceback."""


class PhotoWorker:
    """Has everything that decodes done in a process of its own, one thing at a time.

    The process starts with the first photo, is started again when one has ended it, and is ended
    when there is nothing to do. A waiting call keeps its `data`, so a file is fetched and handed
    over inside `async with worker.room`, which lets in `FILES_AT_ONCE`. A call that is cancelled
    while it runs ends the process. An async context manager: leaving it closes the worker.

    Args:
        limits: What one piece of work may take.
        has_coach: Whether photos are looked at, for which `services.photos.coach` has its needs.
    """

    def __init__(self, limits: Limits | None = None, *, has_coach: bool = False) -> None:
        self.has_coach = has_coach
        self.room = asyncio.Semaphore(FILES_AT_ONCE)
        self._limits = limits or Limits()
        self._turn = asyncio.Lock()
        self._child: PhotoChild | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._is_closed = False
        # Archives are files: one thread writes them, in the order of the calls.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")

    @property
    def process_id(self) -> int | None:
        """The id of the photo process; None when none runs."""
        return self._child.pid if self._child is not None and self._child.works else None

    async def check(self, data: bytes) -> PhotoFacts:
        """Check one photo, see `check_photo`.

        Raises:
            PhotoRefused: With the reason.
            PhotoProcessEnded: The photo, most likely, ended the process.
        """
        answer = await self._ask(Message({"work": "check"}, [data]))
        return PhotoFacts(**answer.head["facts"])

    async def look(self, data: bytes) -> tuple[PhotoFacts, Seen]:
        """Check one photo and look at who is in it, whom the process remembers.

        Raises:
            PhotoRefused: With the reason.
            PhotoProcessEnded: The photo, most likely, ended the process.
        """
        answer = await self._ask(Message({"work": "look"}, [data]))
        return PhotoFacts(**answer.head["facts"]), Seen(**answer.head["seen"])

    async def alike(self, photos: Sequence[str]) -> Compared:
        """Compare the faces of a set, see `FaceMemory.alike`.

        Args:
            photos: SHA-256 digests of photos looked at.

        Raises:
            PhotoProcessEnded: The process was ended.
        """
        answer = await self._ask(Message({"work": "alike", "photos": list(photos)}))
        return Compared(answer.head["numbers"], answer.head["missing"])

    async def likeness(self, picture: bytes, photos: Sequence[str]) -> Compared:
        """Compare the face on a picture with those of a set, see `FaceMemory.likeness`.

        Raises:
            PhotoRefused: The picture cannot be decoded.
            PhotoProcessEnded: The picture, most likely, ended the process.
        """
        request = Message({"work": "likeness", "photos": list(photos)}, [picture])
        answer = await self._ask(request)
        return Compared(answer.head["numbers"], answer.head["missing"])

    async def prepare(self, data: bytes, turn: int = 0) -> bytes:
        """Prepare one photo, see `prepare_photo`.

        Raises:
            PhotoRefused: With the reason.
            PhotoProcessEnded: The photo, most likely, ended the process.
        """
        return (await self._ask(Message({"work": "prepare", "turn": turn}, [data]))).parts[0]

    async def thumbnail(self, data: bytes, turn: int = 0) -> bytes:
        """Show one photo small, see `thumbnail`.

        Raises:
            PhotoRefused: It cannot be shown.
            PhotoProcessEnded: The photo, most likely, ended the process.
        """
        return (await self._ask(Message({"work": "thumbnail", "turn": turn}, [data]))).parts[0]

    async def mark(self, data: bytes) -> bytes:
        """Draw a mark into a generated picture, see `services.photos.mark`.

        Raises:
            PhotoRefused: It cannot be read.
            PhotoProcessEnded: The picture, most likely, ended the process.
        """
        return (await self._ask(Message({"work": "mark"}, [data]))).parts[0]

    async def contact_sheet(self, tiles: Sequence[Tile]) -> bytes:
        """Draw a contact sheet, see `contact_sheet`.

        Raises:
            PhotoProcessEnded: The process was ended.
        """
        head = [(tile.number, tile.mark.value, tile.words) for tile in tiles]
        thumbnails = [tile.thumbnail or b"" for tile in tiles]
        request = Message({"work": "contact_sheet", "tiles": head}, thumbnails)
        return (await self._ask(request)).parts[0]

    @asynccontextmanager
    async def archive(self, path: Path) -> AsyncIterator[ArchiveWriter]:
        """Open an archive to fill with `add_to_archive`; an error in the block discards it.

        Args:
            path: Where the archive goes when the block ends well.

        Raises:
            OSError: When it cannot be written.
        """
        writer = await self._write(ArchiveWriter, path)
        try:
            yield writer
        except BaseException:
            await asyncio.shield(self._write(writer.discard))
            raise
        await self._write(writer.finish)

    async def add_to_archive(self, archive: ArchiveWriter, data: bytes, turn: int = 0) -> str:
        """Prepare one photo as the user sent it and append it.

        Args:
            archive: From `archive`.
            data: The file's bytes, not prepared yet.
            turn: See `prepare_photo`.

        Returns:
            The photo's name in the archive, e.g. `01.jpg`.

        Raises:
            PhotoRefused: When it cannot be used; the archive is as before and can go on.
            PhotoProcessEnded: The same, when the photo ended the process.
            OSError: When the archive cannot be written.
        """
        return await self._write(archive.add, await self.prepare(data, turn))

    async def close(self) -> None:
        """End the process and let what is being written finish; calls under way fail."""
        self._is_closed = True
        if self._child is not None:
            self._child.end()
        async with self._turn:
            await self._forget_child()
        await asyncio.to_thread(self._writer.shutdown, wait=True, cancel_futures=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def _ask(self, request: Message) -> Message:
        async with self._turn:
            child = await self._working_child()
            try:
                return _told(await child.ask(request))
            finally:
                loop = asyncio.get_running_loop()
                self._idle = loop.call_later(self._limits.idle_s, child.end)

    async def _working_child(self) -> PhotoChild:
        if self._idle is not None:
            self._idle.cancel()
        if self._child is None or not self._child.works:
            await self._forget_child()
            if self._is_closed:
                raise RuntimeError("the photo worker is closed")
            self._child = await PhotoChild.start(self._limits, has_coach=self.has_coach)
        return self._child

    async def _forget_child(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        child, self._child = self._child, None
        if child is not None:
            child.end()
            await child.gone()

    async def _write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._writer, lambda: work(*args, **kwargs))


def _told(answer: Message) -> Message:
    if "refused" in answer.head:
        raise PhotoRefused(RefusalReason(answer.head["refused"]), **answer.head["params"])
    if "failed" in answer.head:
        raise PhotoWorkFailed(answer.head["failed"])
    return answer
