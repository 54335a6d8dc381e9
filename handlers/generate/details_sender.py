"""Tells the details of a result; how alike its pictures are is found out behind the press."""

import logging

from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.types import Message

from handlers.generate import results_screens
from handlers.telegram.messages import send_card
from handlers.telegram.screen import Screen
from services.domain.values import Place
from services.errors import DomainError
from services.jobs.nursery import Nursery
from services.pictures.service import PictureService
from services.training.comparing import Comparing
from texts.reader import Texts

logger = logging.getLogger(__name__)


class DetailsSender:
    """Sends prompts and seeds at once, and adds the likeness when it is known.

    Only who asks for details has pictures compared, one result at a time: it takes as long as
    looking at all of the model's photos. After a crash nothing is added; the next press does it.

    Args:
        bot: How the user is reached.
        pictures: What there is to tell.
        comparing: Compares pictures with photos; None where nobody looks at them.
        nursery: Where that is done.
    """

    def __init__(
        self,
        bot: Bot,
        pictures: PictureService,
        comparing: Comparing | None,
        nursery: Nursery,
    ) -> None:
        self._bot = bot
        self._pictures = pictures
        self._comparing = comparing
        self._nursery = nursery
        self._under_way: set[int] = set()

    async def send(self, user_id: int, place: Place, t: Texts, generation_id: str) -> None:
        """Send the details of a result.

        Raises:
            NotFound: No such generation of this user.
        """
        result = await self._pictures.result(user_id, generation_id)
        sent = await send_card(self._bot, place, Screen(results_screens.details(t, result)))
        is_known = all(picture.has_face is not None for picture in result.pictures)
        if self._comparing is None or is_known or user_id in self._under_way:
            return
        self._under_way.add(user_id)
        work = self._add_likeness(self._comparing, sent, user_id, t, generation_id)
        self._nursery.start(work, name=f"likeness of {generation_id}")

    async def _add_likeness(
        self, comparing: Comparing, sent: Message, user_id: int, t: Texts, generation_id: str
    ) -> None:
        try:
            if await comparing.compare(generation_id):
                result = await self._pictures.result(user_id, generation_id)
                await self._bot.edit_message_text(
                    results_screens.details(t, result),
                    chat_id=sent.chat.id,
                    message_id=sent.message_id,
                )
        except (AiogramError, DomainError, TimeoutError) as error:
            logger.info("likeness of %s: %s", generation_id, type(error).__name__)
        finally:
            self._under_way.discard(user_id)
