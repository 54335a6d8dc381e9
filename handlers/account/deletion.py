"""What the chat shows of a deletion; implements `services.deletion.steps.DeletionAnnouncer`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import FSInputFile, InputMediaPhoto

from handlers.telegram.commands import PROFILE_PHOTO
from handlers.telegram.outgoing import is_about_chat
from services.domain.deletion import DeletedMessage, Deletion, Receipt
from services.domain.vocabulary import Language
from services.errors import DeliveryFailed, UserUnreachable
from texts.reader import Texts


class DeletionMessages:
    """Speaks to somebody the database does not know any more.

    Args:
        bot: Speaks.
        archive_days: After how many days fal deletes prepared photos.
    """

    def __init__(self, bot: Bot, archive_days: int) -> None:
        self._bot = bot
        self._archive_days = archive_days

    async def clear(self, message: DeletedMessage, language: Language) -> None:
        """See `DeletionAnnouncer.clear`."""
        words = Texts(language)("message-cleared")
        async with _reaching():
            try:
                await self._bot.edit_message_text(
                    words, chat_id=message.chat_id, message_id=message.message_id
                )
            except TelegramBadRequest as error:
                if "no text in the message" not in error.message:
                    raise
                await self._cover(message, words)

    async def _cover(self, message: DeletedMessage, words: str) -> None:
        """Put the bot's picture in the place of what was attached: an edit has no time limit."""
        picture = InputMediaPhoto(media=FSInputFile(PROFILE_PHOTO), caption=words)
        await self._bot.edit_message_media(
            picture, chat_id=message.chat_id, message_id=message.message_id
        )

    async def show_receipt(self, deletion: Deletion, receipt: Receipt) -> None:
        """See `DeletionAnnouncer.show_receipt`."""
        async with _reaching():
            if deletion.receipt_message_id is not None:
                await self._show(deletion, deletion.receipt_message_id, receipt)
            elif receipt.not_stopped:
                words = Texts(deletion.language)("receipt-not-stopped", count=receipt.not_stopped)
                await self._say(deletion, words)

    async def _show(self, deletion: Deletion, message_id: int, receipt: Receipt) -> None:
        words = forget_receipt(
            Texts(deletion.language), receipt, deletion.created_at.date(), self._archive_days
        )
        try:
            await self._bot.edit_message_text(
                words, chat_id=deletion.chat_id, message_id=message_id
            )
        except TelegramBadRequest as error:
            # What could not be done is said even to somebody who has deleted the receipt.
            if not receipt.not_stopped or "message is not modified" in error.message:
                raise
            await self._say(deletion, words)

    async def _say(self, deletion: Deletion, words: str) -> None:
        await self._bot.send_message(
            deletion.chat_id, words, message_thread_id=deletion.message_thread_id
        )


def forget_receipt(t: Texts, receipt: Receipt, on: date, archive_days: int) -> str:
    """Say what was done, what is under way, and what cannot be.

    Args:
        t: The user's language.
        receipt: What the deletion has come to.
        on: The day of the deletion.
        archive_days: After how many days fal deletes prepared photos.
    """
    parts = [t("forget-done", date=on)]
    if receipt.under_way:
        parts.append(t("receipt-under-way", count=receipt.under_way))
    if receipt.not_stopped:
        parts.append(t("receipt-not-stopped", count=receipt.not_stopped))
    return "\n\n".join([*parts, t("forget-remains", days=archive_days)])


@asynccontextmanager
async def _reaching() -> AsyncIterator[None]:
    try:
        yield
    except TelegramForbiddenError as error:
        raise UserUnreachable(type(error).__name__) from error
    except TelegramBadRequest as error:
        if is_about_chat(error):
            raise UserUnreachable(type(error).__name__) from error
        # The message is gone, cannot be edited any more, or shows this already.
        return
    except (AiogramError, TimeoutError) as error:
        raise DeliveryFailed(type(error).__name__) from error
