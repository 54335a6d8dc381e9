"""Prepares pictures that users share from the page; implements `services…sharing.Sharer`."""

from datetime import UTC, datetime

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramForbiddenError
from aiogram.types import (
    InlineQueryResultCachedDocument,
    InlineQueryResultCachedPhoto,
    InlineQueryResultUnion,
    PreparedInlineMessage,
)

from services.domain.values import Picture
from services.errors import DeliveryFailed, UserUnreachable
from services.pictures.sharing import Prepared

TITLE = "NeuroPhoto"


class TelegramSharer:
    """Shares by file id, so that nothing is uploaded.

    Args:
        bot: Prepares messages.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def prepare(self, user_id: int, picture: Picture) -> Prepared:
        """See `Sharer.prepare`."""
        result = _result(picture)
        if result is None:
            raise DeliveryFailed("the picture was not sent yet")
        try:
            made = await self._bot.save_prepared_inline_message(
                user_id,
                result,
                allow_user_chats=True,
                allow_group_chats=True,
                allow_channel_chats=True,
            )
        except TelegramForbiddenError as error:
            raise UserUnreachable(type(error).__name__) from error
        except (AiogramError, TimeoutError) as error:
            raise DeliveryFailed(type(error).__name__) from error
        return Prepared(made.id, _moment(made))


def _moment(made: PreparedInlineMessage) -> datetime:
    # aiogram leaves Telegram's number as it is, whatever its annotation says first.
    match made.expiration_date:
        case int() as seconds:
            return datetime.fromtimestamp(seconds, UTC)
        case datetime() as moment:
            return moment
        case odd:
            msg = f"no moment: {type(odd).__name__}"
            raise DeliveryFailed(msg)


def _result(picture: Picture) -> InlineQueryResultUnion | None:
    if picture.photo_file_id is not None:
        return InlineQueryResultCachedPhoto(id=picture.id, photo_file_id=picture.photo_file_id)
    if picture.document_file_id is not None:
        return InlineQueryResultCachedDocument(
            id=picture.id, title=TITLE, document_file_id=picture.document_file_id
        )
    return None
