"""Fetches the photos users sent; implements `services.announcer.PhotoSource`."""

import asyncio
from io import BytesIO

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramNotFound
from aiohttp import ClientError

from services.errors import PhotoGone, PhotoUnavailable
from services.photos.refusal import PhotoRefused, RefusalReason

MAX_BYTES = 20 * 1024 * 1024
"""The Bot API gives files of at most 20 MB."""

DOWNLOAD_TIMEOUT_S = 60


class TelegramFiles:
    """Photos by Telegram file id.

    aiogram's download errors carry the bot token in their text, so none of them leaves this
    class, not even as a cause.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, file_id: str) -> bytes:
        """See `PhotoSource.fetch`.

        Raises:
            PhotoRefused: The file is larger than 20 MB.
        """
        path = await self._path_of(file_id)
        buffer = BytesIO()
        try:
            await self._bot.download_file(path, buffer, timeout=DOWNLOAD_TIMEOUT_S)
        except (ClientError, AiogramError, TimeoutError, asyncio.IncompleteReadError) as error:
            status = getattr(error, "status", None)
            raise PhotoUnavailable(f"download failed: {status or type(error).__name__}") from None
        return buffer.getvalue()

    async def _path_of(self, file_id: str) -> str:
        try:
            file = await self._bot.get_file(file_id)
        except (TelegramBadRequest, TelegramNotFound) as error:
            if "too big" in error.message:
                raise _too_big() from None
            raise PhotoGone(error.message) from None
        except (AiogramError, TimeoutError) as error:
            raise PhotoUnavailable(type(error).__name__) from None
        if file.file_size is not None and file.file_size > MAX_BYTES:
            raise _too_big()
        if file.file_path is None:
            raise PhotoUnavailable("no file path")
        return file.file_path


def _too_big() -> PhotoRefused:
    return PhotoRefused(RefusalReason.TOO_BIG, max_megabytes=MAX_BYTES // 1024**2)
