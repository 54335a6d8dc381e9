"""Marks the pictures that leave as made by AI."""

import asyncio
import logging
from enum import StrEnum

from services.photos.refusal import PhotoRefused
from services.photos.worker import PhotoProcessEnded, PhotoWorker
from services.pictures.xmp import packet, with_xmp

logger = logging.getLogger(__name__)


class Mark(StrEnum):
    """How pictures are marked: in their metadata, also for the eye, or not at all."""

    METADATA = "metadata"
    VISIBLE = "visible"
    NONE = "none"


class Marks:
    """Marks pictures as the operator has chosen.

    Args:
        mark: How.
        worker: Draws, in a process of its own.
    """

    def __init__(self, mark: Mark, worker: PhotoWorker) -> None:
        self._mark = mark
        self._worker = worker

    @property
    def are_made(self) -> bool:
        """Whether files are changed at all."""
        return self._mark is not Mark.NONE

    @property
    def are_seen(self) -> bool:
        """Whether pictures in the chat, too, must pass through here."""
        return self._mark is Mark.VISIBLE

    async def put(self, data: bytes, prompt: str = "", seed: int | None = None) -> bytes:
        """Return a picture with its mark; what is no picture stays as it is.

        Args:
            data: The file.
            prompt: Written into the metadata, where it is given.
            seed: The same.
        """
        if self._mark is Mark.NONE:
            return data
        if self._mark is Mark.VISIBLE:
            data = await self._drawn(data)
        return await asyncio.to_thread(with_xmp, data, packet(prompt, seed))

    async def _drawn(self, data: bytes) -> bytes:
        try:
            async with self._worker.room:
                return await self._worker.mark(data)
        except (PhotoRefused, PhotoProcessEnded) as error:
            logger.warning("a picture has no visible mark: %s", type(error).__name__)
            return data
