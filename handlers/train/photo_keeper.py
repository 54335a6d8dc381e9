"""Sends photos into the chat that came over HTTP; implements `services…uploads.PhotoKeeper`."""

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BufferedInputFile

from handlers.telegram.outgoing import is_about_chat
from services.domain.values import Place
from services.errors import DeliveryFailed, UserUnreachable
from services.photos.refusal import PhotoRefused, RefusalReason
from services.training.draft_photos import SentPhoto
from services.users.reach import Reach


class TelegramPhotoKeeper:
    """Sends photos as files, so that Telegram keeps their bytes as they are.

    Args:
        bot: Sends them.
        reach: Remembers who cannot be reached.
    """

    def __init__(self, bot: Bot, reach: Reach) -> None:
        self._bot = bot
        self._reach = reach

    async def keep(self, user_id: int, place: Place, name: str, data: bytes) -> SentPhoto:
        """See `PhotoKeeper.keep`."""
        try:
            message = await self._bot.send_document(
                place.chat_id,
                BufferedInputFile(data, name),
                message_thread_id=place.thread_id,
                disable_content_type_detection=True,
                disable_notification=True,
            )
        except TelegramForbiddenError as error:
            await self._reach.note_unreachable(user_id)
            raise UserUnreachable(type(error).__name__) from error
        except TelegramBadRequest as error:
            if is_about_chat(error):
                await self._reach.note_unreachable(user_id)
                raise UserUnreachable(type(error).__name__) from error
            # It is about the file, such as an empty one: it would be refused again.
            raise PhotoRefused(RefusalReason.UNREADABLE) from error
        except (AiogramError, TimeoutError) as error:
            raise DeliveryFailed(type(error).__name__) from error
        document = message.document
        if document is None or message.animation is not None:
            raise PhotoRefused(RefusalReason.UNREADABLE)
        return SentPhoto(
            message.message_id,
            document.file_id,
            document.file_unique_id,
            thumbnail_file_id=document.thumbnail.file_id if document.thumbnail else None,
            label=name,
        )
