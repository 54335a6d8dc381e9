"""What the chat shows of a generation while the background tasks work at it."""

import asyncio

from handlers.generate import screens
from handlers.generate.delivery import Delivery
from handlers.telegram.chat_action import show_upload_action
from handlers.telegram.live_message import LiveMessage
from handlers.telegram.outgoing import Outgoing, ScreensInPlace
from services.domain.values import Place, SentMessage
from services.domain.vocabulary import Purpose
from services.generation.views import GenerationViews
from texts.reader import Texts

STATUS_INTERVAL_S = 3.0


class GenerateLive:
    """The message that a picture is being made, and the pictures.

    Args:
        outgoing: How the user is reached.
        views: What is shown.
        delivery: Sends the pictures.
    """

    def __init__(self, outgoing: Outgoing, views: GenerationViews, delivery: Delivery) -> None:
        self._outgoing = outgoing
        self._views = views
        self._delivery = delivery
        self._screens = ScreensInPlace(outgoing)
        self._statuses = LiveMessage(
            "status", outgoing.nursery, self._show_status, STATUS_INTERVAL_S, outgoing.health
        )
        self._upload_actions: dict[str, asyncio.Task[None]] = {}

    def generation_changed(self, generation_id: str) -> None:
        """See `Announcer.generation_changed`."""
        self._statuses.touch(generation_id)

    async def generation_ended(self, generation_id: str) -> None:
        """See `Announcer.generation_ended`."""
        view = await self._views.generation(generation_id)
        if view is not None:
            await self._delivery.send_result(view)

    async def generation_in_doubt(self, generation_id: str) -> None:
        """See `Announcer.generation_in_doubt`; first pictures are nobody's wish."""
        view = await self._views.generation(generation_id)
        if view is not None and view.generation.purpose is Purpose.ASKED:
            screen = screens.doubt(Texts(view.language), view.generation)
            await self._outgoing.send(view.generation.user_id, view.generation.place, screen)

    async def generation_settled(self, generation_id: str) -> None:
        """See `Announcer.generation_settled`."""
        if (action := self._upload_actions.pop(generation_id, None)) is not None:
            action.cancel()
        self._screens.forget(generation_id)
        view = await self._views.generation(generation_id)
        if view is not None and view.generation.status_message_id is not None:
            await self._outgoing.delete(
                SentMessage(view.generation.chat_id, view.generation.status_message_id)
            )

    async def _show_status(self, generation_id: str) -> None:
        view = await self._views.generation(generation_id)
        if view is None or view.generation.announced_at is not None:
            return
        if view.generation.purpose is Purpose.PREVIEW:
            # Nobody asked for it, so nobody waits for it.
            return
        if view.pack and view.pack[0].id != generation_id:
            # The first of a pack speaks for all of it.
            return
        place, known = view.generation.place, view.generation.status_message_id
        call = view.generation.call
        self._show_action(generation_id, place if call is None else call.place)
        if call is not None:
            # A group is told of nothing but the end.
            return
        screen = screens.generating(Texts(view.language), view.generation, view.pack)
        message_id = await self._screens.put(generation_id, place, known, screen)
        if message_id != known and not await self._views.set_status_message(
            generation_id, message_id
        ):
            # It was told while this message was on its way.
            await self._outgoing.bot.delete_message(place.chat_id, message_id)

    def _show_action(self, generation_id: str, place: Place) -> None:
        if generation_id not in self._upload_actions:
            self._upload_actions[generation_id] = self._outgoing.nursery.start(
                show_upload_action(self._outgoing.bot, place),
                name=f"chat action {generation_id}",
            )
