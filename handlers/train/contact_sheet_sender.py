"""Sends contact sheets, made behind the press that asked for them."""

import asyncio
import logging
from collections.abc import Sequence

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import BufferedInputFile

from handlers.telegram.chat_action import show_upload_action
from handlers.telegram.taps import SECOND_TAP_S
from handlers.train import photo_screens
from handlers.train.live import TrainLive
from services.domain.values import Photo, Place
from services.jobs.nursery import Nursery
from services.training.contact_sheets import ContactSheets
from texts.reader import Texts

logger = logging.getLogger(__name__)


class ContactSheetSender:
    """Makes and sends one sheet at a time for each draft."""

    def __init__(
        self, bot: Bot, sheets: ContactSheets, train_live: TrainLive, nursery: Nursery
    ) -> None:
        self._bot = bot
        self._sheets = sheets
        self._live = train_live
        self._nursery = nursery
        self._under_way: set[str] = set()

    def send(self, place: Place, photos: Sequence[Photo], t: Texts) -> None:
        """Have the sheet of a draft's photos sent, unless one is on its way."""
        training_id = photos[0].training_id
        if training_id not in self._under_way:
            self._under_way.add(training_id)
            self._nursery.start(
                self._send(place, training_id, photos, t), name=f"contact sheet {training_id}"
            )

    async def _send(
        self, place: Place, training_id: str, photos: Sequence[Photo], t: Texts
    ) -> None:
        action = self._nursery.start(
            show_upload_action(self._bot, place), name=f"chat action {training_id}"
        )
        try:
            flaws = await self._live.flaws(training_id)
            sheet = await self._sheets.draw(
                photos,
                lambda photo: photo_screens.tile_words(t, photo, flaws.get(photo.id, ())),
                flawed=flaws.keys(),
            )
            file = BufferedInputFile(sheet, "photos.jpg")
            await self._bot.send_photo(
                place.chat_id,
                file,
                caption=photo_screens.sheet_caption(t, photos, len(flaws)),
                message_thread_id=place.thread_id,
            )
            action.cancel()
            await self._live.move_counter_down(training_id)
            await asyncio.sleep(SECOND_TAP_S)
        except (AiogramError, TimeoutError) as error:
            logger.warning("contact sheet %s: %s", training_id, type(error).__name__)
        finally:
            action.cancel()
            self._under_way.discard(training_id)
