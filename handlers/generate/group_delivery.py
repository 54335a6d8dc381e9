"""Answers calls from groups, with pictures or with a word that there is none."""

import logging
from dataclasses import replace

from handlers.generate import results_screens
from handlers.generate.picture_sender import PictureSender
from handlers.telegram.groups import (
    GroupClosed,
    GroupMoved,
    reaching_group,
    reply_to,
    way_to_private,
)
from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from services.domain.values import Call
from services.domain.vocabulary import CallEnd
from services.generation.views import GenerationView, GenerationViews
from texts.reader import Texts

logger = logging.getLogger(__name__)


class GroupDelivery:
    """Answers each call once, in its group; where that is closed, the private chat is left.

    Args:
        outgoing: How Telegram is spoken to.
        views: Know the calls, and what became of them.
        sender: Sends pictures.
    """

    def __init__(self, outgoing: Outgoing, views: GenerationViews, sender: PictureSender) -> None:
        self._bot = outgoing.bot
        self._views = views
        self._sender = sender

    async def answer(self, view: GenerationView, call: Call) -> bool:
        """Answer a call, also where its group is another chat by now.

        Returns:
            Whether there is something to say in private: the picture where the group is closed,
            or why there is none.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
            FalUnavailable: The picture cannot be fetched now.
        """
        generation_id, chat_id = view.generation.id, call.place.chat_id
        try:
            is_there = await self._answer(view, call)
        except GroupMoved as moved:
            logger.info("generation %s: its group is chat %s by now", generation_id, moved.chat_id)
            await self._views.move_calls(chat_id, moved.chat_id)
            after = replace(call.place, chat_id=moved.chat_id, thread_id=None)
            return await self.answer(view, Call(after, None))
        except GroupClosed as closed:
            logger.info("generation %s: its group is closed: %s", generation_id, closed)
            await self._views.end_call(generation_id, CallEnd.CLOSED)
            return True
        await self._views.end_call(generation_id, CallEnd.ANSWERED)
        return not is_there

    async def _answer(self, view: GenerationView, call: Call) -> bool:
        """Send the picture, or say that there is none; return whether the picture is there."""
        t = Texts(view.language)
        if view.shown:
            caption = Screen(
                results_screens.group_caption(t, view.generation, await self._name(view))
            )
            async with reaching_group():
                await self._sender.send(call.place, view.shown, caption, answers=call.message_id)
            after = await self._views.generation(view.generation.id)
            if after is None or not after.missing:
                return True
        async with reaching_group():
            keyboard = await way_to_private(self._bot, t)
            await self._say(call, Screen(t("group-none-made"), keyboard))
        return False

    async def _say(self, call: Call, screen: Screen) -> None:
        await self._bot.send_message(
            call.place.chat_id,
            screen.text,
            reply_markup=screen.keyboard,
            message_thread_id=call.place.thread_id,
            reply_parameters=reply_to(call.message_id),
        )

    async def _name(self, view: GenerationView) -> str:
        """Return what the caller is called now: names are not kept."""
        try:
            async with reaching_group():
                return (await self._bot.get_chat(view.generation.user_id)).first_name or ""
        except GroupClosed:
            return ""
