"""The bot's own pictures: uploaded once, sent by their file ids from then on."""

import logging
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import EditMessageMedia, Response, SendPhoto, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BufferedInputFile, InputMediaPhoto, Message

from services.pictures.own import FileIds, OwnFile

logger = logging.getLogger(__name__)

ABOUT_FILES = ("file identifier", "file_id", "file_reference")
"""What is in all words for a file id that does not hold: `wrong file identifier/HTTP URL
specified`, `wrong remote file identifier specified`, `wrong file_id or the file is temporarily
unavailable` of the Bot API server, and `FILE_REFERENCE_...` that it passes on."""


class OwnPicture(BufferedInputFile):
    """A picture of ours as aiogram sends it; two of one file are equal."""

    def __init__(self, file: OwnFile) -> None:
        super().__init__(file.data, file.name)
        self.file = file

    def __eq__(self, other: object) -> bool:
        """Return whether the other one is of the same file."""
        return isinstance(other, OwnPicture) and other.file == self.file

    def __hash__(self) -> int:
        """Return the hash of the file."""
        return hash(self.file)


class OwnPictures(BaseRequestMiddleware):
    """Sends pictures of ours by their file ids, and by upload where there is none that holds.

    Args:
        file_ids: Where the file ids are kept.
    """

    def __init__(self, file_ids: FileIds) -> None:
        self._file_ids = file_ids

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        """Send a request, with the file id in place of a picture of ours."""
        picture = _picture_in(method)
        if picture is None:
            return await make_request(bot, method)
        known = await self._file_ids.of(picture.file)
        if known is not None:
            try:
                return await make_request(bot, _by_file_id(method, known))
            except TelegramBadRequest as error:
                if not any(words in error.message.lower() for words in ABOUT_FILES):
                    raise
            logger.info("Telegram no longer has %s, which is uploaded again", picture.filename)
        response = await make_request(bot, method)
        answer: object = response
        if isinstance(answer, Message) and answer.photo:
            await self._file_ids.note(picture.file, answer.photo[-1].file_id)
        return response


def _picture_in(method: TelegramMethod[Any]) -> OwnPicture | None:
    given: object = None
    if isinstance(method, SendPhoto):
        given = method.photo
    elif isinstance(method, EditMessageMedia):
        given = method.media.media
    return given if isinstance(given, OwnPicture) else None


def _by_file_id(method: TelegramMethod[Any], file_id: str) -> TelegramMethod[Any]:
    if isinstance(method, EditMessageMedia) and isinstance(method.media, InputMediaPhoto):
        media = method.media.model_copy(update={"media": file_id})
        return method.model_copy(update={"media": media})
    return method.model_copy(update={"photo": file_id})
