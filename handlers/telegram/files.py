"""Fetches the photos users sent; implements `services.announcer.PhotoSource`."""

import asyncio
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiohttp import ClientError

from services.errors import PhotoGone, PhotoUnavailable
from services.photos.refusal import PhotoRefused, RefusalReason

MAX_BYTES = 20 * 1024 * 1024
"""The Bot API gives files of at most 20 MB."""

DOWNLOAD_TIMEOUT_S = 60

FINAL_WORDS = ("invalid file_id", "wrong file_id", "wrong file identifier", "wrong remote file")
"""Of getFile, for an id that names no file. "wrong file_id or the file is temporarily unavailable"
is one answer for two things (telegram-bot-api, Client.cpp): it is believed once it has lasted."""
TROUBLED_FOR_GOOD_S = 600.0
"""So long is a file asked for again that is refused for a reason that may pass, or comes short."""


class TelegramFiles:
    """Photos by Telegram file id.

    aiogram's download errors carry the bot token in their text, so none of them leaves this
    class, not even as a cause.
    """

    def __init__(self, bot: Bot, clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._clock = clock
        # When a file was first refused for a reason that may pass, by file id.
        self._troubled_since: dict[str, float] = {}

    async def fetch(self, file_id: str) -> bytes:
        """See `PhotoSource.fetch`.

        Raises:
            PhotoRefused: The file is larger than 20 MB.
        """
        buffer = BytesIO()
        await self._read(file_id, buffer)
        return buffer.getvalue()

    async def save(self, file_id: str, path: Path) -> str:
        """Write a file to a path, piece by piece; raises as `fetch`.

        Returns:
            How the file's name ends at Telegram, such as `.jpg`; empty where it does not say.
        """
        with path.open("wb") as file:
            return await self._read(file_id, file)

    async def _read(self, file_id: str, into: BinaryIO) -> str:
        path, size = await self._place_of(file_id)
        try:
            await self._bot.download_file(path, into, timeout=DOWNLOAD_TIMEOUT_S, seek=False)
        except (ClientError, AiogramError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = getattr(error, "status", None)
            raise PhotoUnavailable(f"download failed: {status or type(error).__name__}") from None
        length = into.tell()
        if size is not None and length < size and self._may_pass(file_id):
            # A connection that ends early need not look like an error.
            raise PhotoUnavailable(f"cut short: {length} of {size} bytes")
        self._troubled_since.pop(file_id, None)
        return PurePosixPath(path).suffix

    async def _place_of(self, file_id: str) -> tuple[str, int | None]:
        """Return the path of a file, and its size where Telegram says it."""
        try:
            file = await self._bot.get_file(file_id)
        except TelegramBadRequest as error:
            raise self._refused(file_id, error.message) from None
        except (AiogramError, TimeoutError) as error:
            raise PhotoUnavailable(type(error).__name__) from None
        if file.file_size is not None and file.file_size > MAX_BYTES:
            raise _too_big()
        if file.file_path is None:
            raise PhotoUnavailable("no file path")
        return file.file_path, file.file_size

    def _refused(self, file_id: str, words: str) -> Exception:
        """Return what a refusal means: one that may pass counts once it has lasted."""
        if "too big" in words:
            return _too_big()
        is_final = any(final in words for final in FINAL_WORDS) and "temporarily" not in words
        if is_final or not self._may_pass(file_id):
            self._troubled_since.pop(file_id, None)
            return PhotoGone(words)
        return PhotoUnavailable(words)

    def _may_pass(self, file_id: str) -> bool:
        """Return whether a file has not been in trouble for long."""
        since = self._troubled_since.setdefault(file_id, self._clock())
        return self._clock() - since <= TROUBLED_FOR_GOOD_S


def _too_big() -> PhotoRefused:
    return PhotoRefused(RefusalReason.TOO_BIG, max_megabytes=MAX_BYTES // 1024**2)
