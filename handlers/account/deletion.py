"""What the chat shows of a deletion; implements `services.deletion.steps.DeletionAnnouncer`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

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
            elif words := _troubles(deletion, receipt):
                await self._say(deletion, words)

    async def _show(self, deletion: Deletion, message_id: int, receipt: Receipt) -> None:
        words = forget_receipt(Texts(deletion.language), deletion, receipt, self._archive_days)
        try:
            await self._bot.edit_message_text(
                words, chat_id=deletion.chat_id, message_id=message_id
            )
        except TelegramBadRequest as error:
            # What could not be done is said even to somebody who has deleted the receipt.
            is_all_done = not (receipt.not_stopped or receipt.left)
            if is_all_done or "message is not modified" in error.message:
                raise
            await self._say(deletion, words)

    async def _say(self, deletion: Deletion, words: str) -> None:
        await self._bot.send_message(
            deletion.chat_id, words, message_thread_id=deletion.message_thread_id
        )


def _troubles(deletion: Deletion, receipt: Receipt) -> str:
    """Say what could not be done, where there is no message that tells all."""
    t = Texts(deletion.language)
    parts = []
    is_over = not (receipt.erasing or receipt.under_way)
    is_left = deletion.erases and is_over and receipt.left > 0
    if receipt.not_stopped and not (is_left and deletion.told_under_way == receipt.under_way):
        parts.append(t("receipt-not-stopped", count=receipt.not_stopped))
    if is_left:
        parts.append(t("receipt-requests", count=receipt.left, date=deletion.requests_until))
    return "\n\n".join(parts)


def forget_receipt(t: Texts, deletion: Deletion, receipt: Receipt, archive_days: int) -> str:
    """Say what was done and when, what is under way, and what cannot be.

    Args:
        t: The user's language.
        deletion: What was deleted, and when.
        receipt: What the deletion has come to.
        archive_days: After how many days fal deletes prepared photos.
    """
    on = deletion.created_at.date()
    parts = [t("forget-done", date=on)]
    if deletion.models or deletion.pictures or deletion.photos:
        parts.append(
            t(
                "receipt-deleted",
                models=deletion.models,
                pictures=deletion.pictures,
                photos=deletion.photos,
            )
        )
    if deletion.in_groups:
        parts.append(t("receipt-groups", count=deletion.in_groups))
    if deletion.cancels:
        parts.append(t("forget-subscription"))
    left = receipt.left if deletion.erases else deletion.requests
    if receipt.erasing:
        parts.append(t("receipt-erasing", count=receipt.erasing))
    if receipt.erased:
        parts.append(t("receipt-erased", count=receipt.erased))
    if left:
        parts.append(t("receipt-requests", count=left, date=deletion.requests_until))
    if receipt.under_way:
        parts.append(t("receipt-under-way", count=receipt.under_way))
    if receipt.not_stopped:
        parts.append(t("receipt-not-stopped", count=receipt.not_stopped))
    is_all_erased = receipt == Receipt(erased=receipt.erased) and receipt.erased
    remains = "forget-remains-erased" if is_all_erased else "forget-remains"
    return "\n\n".join([*parts, t(remains, days=archive_days)])


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
