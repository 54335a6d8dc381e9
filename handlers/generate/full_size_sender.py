"""Sends pictures in full size, fetched behind the press that asked for them."""

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramForbiddenError
from aiogram.types import BufferedInputFile, Message

from handlers.generate import results_screens
from handlers.telegram.messages import send_card
from handlers.telegram.screen import Screen
from services.domain.values import Enlargement, Place
from services.errors import NotFound
from services.jobs.lanes import Lane
from services.jobs.nursery import Nursery
from services.pictures.service import PictureService
from texts.reader import Texts

logger = logging.getLogger(__name__)

AT_ONCE = 8
"""Each may hold 50 MB, which is what Telegram takes of a bot."""


class FullSizeSender:
    """Sends the largest there is of pictures, one at a time for each user.

    After a crash nothing is sent: the button is still there.

    Args:
        bot: How Telegram is spoken to.
        pictures: Where originals come from, and where Telegram's ids of them are kept.
        nursery: Owner of the tasks.
    """

    def __init__(self, bot: Bot, pictures: PictureService, nursery: Nursery) -> None:
        self._bot = bot
        self._pictures = pictures
        self._nursery = nursery
        self._lane = Lane(size=AT_ONCE, per_user=1)
        self._under_way: set[str] = set()

    def send(self, user_id: int, place: Place, t: Texts, picture_id: str) -> None:
        """Have the original of a picture of the user sent, unless it is on its way."""
        if picture_id not in self._under_way:
            self._under_way.add(picture_id)
            work = self._send(user_id, place, t, picture_id)
            self._nursery.start(work, name=f"full size of {picture_id}")

    async def _send(self, user_id: int, place: Place, t: Texts, picture_id: str) -> None:
        try:
            async with self._lane.turn(user_id):
                await self._send_original(user_id, place, t, picture_id)
        except NotFound:
            logger.info("full size of %s: it was deleted meanwhile", picture_id)
        except TelegramForbiddenError:
            logger.info("full size of %s: its user has blocked the bot", picture_id)
        except (AiogramError, TimeoutError) as error:
            logger.warning("full size of %s: %s", picture_id, type(error).__name__)
            await self._apologise(place, t, picture_id)
        finally:
            self._under_way.discard(picture_id)

    async def _send_original(self, user_id: int, place: Place, t: Texts, picture_id: str) -> None:
        picture = await self._pictures.own(user_id, picture_id)
        larger = await self._pictures.larger(picture_id)
        if larger is not None and await send_enlarged(self._bot, self._pictures, t, place, larger):
            return
        if picture.document_file_id is not None:
            await _send_document(self._bot, place, picture.document_file_id)
            return
        original = await self._pictures.original(picture)
        if original.data is not None:
            file = BufferedInputFile(original.data, original.name)
            message = await _send_document(self._bot, place, file)
            if message.document is not None:
                await self._pictures.keep_document(picture, message.document.file_id)
        elif original.is_gone and picture.photo_file_id is not None:
            text = t("full-size-gone")
            await send_card(self._bot, place, Screen(text, photo=picture.photo_file_id))
        else:
            await send_card(self._bot, place, Screen(t("full-size-later")))

    async def _apologise(self, place: Place, t: Texts, picture_id: str) -> None:
        try:
            await send_card(self._bot, place, Screen(t("full-size-later")))
        except (AiogramError, TimeoutError) as error:
            logger.warning("full size of %s: %s once more", picture_id, type(error).__name__)


async def send_enlarged(
    bot: Bot, pictures: PictureService, t: Texts, place: Place, larger: Enlargement
) -> bool:
    """Send a picture enlarged, as a file; return whether it could be fetched."""
    file: str | BufferedInputFile | None = larger.document_file_id
    if file is None:
        original = await pictures.original(larger)
        if original.data is None:
            return False
        file = BufferedInputFile(original.data, original.name)
    message = await _send_document(bot, place, file, results_screens.enlarged(t, larger))
    if larger.document_file_id is None and message.document is not None:
        await pictures.keep_document(larger, message.document.file_id)
    return True


async def _send_document(
    bot: Bot, place: Place, file: str | BufferedInputFile, caption: str | None = None
) -> Message:
    return await bot.send_document(
        place.chat_id, file, caption=caption, message_thread_id=place.thread_id
    )
