"""Sends what a user must get, and remembers what Telegram has got."""

import logging

from handlers.generate import results_screens
from handlers.generate.group_delivery import GroupDelivery
from handlers.generate.picture_sender import PictureSender
from handlers.telegram.messages import send_card
from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from services.domain.vocabulary import Purpose
from services.generation.views import GenerationView, GenerationViews
from services.pictures.service import PictureService
from texts.reader import Texts

logger = logging.getLogger(__name__)


class Delivery:
    """Sends the pictures of generations.

    Args:
        outgoing: How the user is reached.
        views: Tell what has been delivered.
        pictures: Where pictures come from, and where their ids are kept.
    """

    def __init__(
        self, outgoing: Outgoing, views: GenerationViews, pictures: PictureService
    ) -> None:
        self._outgoing = outgoing
        self._bot = outgoing.bot
        self._views = views
        self._sender = PictureSender(outgoing.bot, pictures)
        self._groups = GroupDelivery(outgoing, views, self._sender)

    async def send_result(self, view: GenerationView) -> None:
        """Send the pictures of a generation, or say why there are none.

        Of first pictures, which nobody asked for, only those that were made are told. A call from
        a group is answered there; what is nobody's business there follows in private.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
            FalUnavailable: Some pictures cannot be fetched now; the others were sent.
        """
        if (call := view.generation.call) is not None:
            if not await self._groups.answer(view, call):
                return
            renewed = await self._views.generation(view.generation.id)
            if renewed is None:
                return
            view = renewed
        generation, t = view.generation, Texts(view.language)
        async with self._outgoing.reaching(generation.user_id):
            if view.shown:
                await self._send_pictures(t, view)
            elif generation.failure is not None and generation.purpose is Purpose.ASKED:
                screen = results_screens.failure(t, view)
                await send_card(self._bot, generation.place, screen)

    async def _send_pictures(self, t: Texts, view: GenerationView) -> None:
        generation = view.generation
        screen = results_screens.single(t, view)
        if len(view.shown) > 1:
            screen = Screen(results_screens.caption(t, view))
        await self._sender.send(generation.place, view.shown, screen)
        after = await self._views.generation(generation.id)
        if after is None:
            return
        if len(after.shown) > 1 or after.missing or after.is_unlike:
            # An album takes no keyboard, so the buttons follow in a message of their own.
            await send_card(self._bot, generation.place, results_screens.after_pictures(t, after))
