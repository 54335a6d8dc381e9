"""Tells the user what the background tasks do; implements `services.announcer.Announcer`."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest

from db.tables import Training
from handlers.generate import screens as generate_screens
from handlers.generate.delivery import Delivery
from handlers.telegram.chat_action import show_upload_action
from handlers.telegram.live_message import LiveMessage
from handlers.telegram.screen import Screen
from handlers.train import photo_screens, progress_screens, screens
from services.domain.states import TrainingState
from services.domain.vocabulary import Purpose
from services.errors import DeliveryFailed
from services.health import Health
from services.jobs.nursery import Nursery
from services.rules import TrainingRules
from services.views import COUNTER_CLOSED, Views
from texts.reader import Texts

logger = logging.getLogger(__name__)

COUNTER_INTERVAL_S = 1.0
PROGRESS_INTERVAL_S = 3.0
STATUS_INTERVAL_S = 3.0

EDIT_PATIENCE_S = 3.0
"""For how long an edit that is under way may keep the next question waiting."""

SHOWN_REMEMBERED = 2000


@dataclass(frozen=True)
class Shown:
    """What a live message shows now."""

    message_id: int
    screen: Screen


class TelegramAnnouncer:
    """Shows counters, progress and results in the chat."""

    def __init__(
        self,
        bot: Bot,
        delivery: Delivery,
        views: Views,
        rules: TrainingRules,
        nursery: Nursery,
        fal_health: Health,
        telegram_health: Health,
    ) -> None:
        self._bot = bot
        self._delivery = delivery
        self._views = views
        self._rules = rules
        self._nursery = nursery
        self._fal_health = fal_health
        self._shown: dict[str, Shown] = {}

        def live_message(
            kind: str, show: Callable[[str], Awaitable[None]], interval_s: float
        ) -> LiveMessage:
            return LiveMessage(kind, nursery, show, interval_s, telegram_health)

        self._counters = live_message("counter", self._show_counter, COUNTER_INTERVAL_S)
        self._progress = live_message("progress", self._show_progress, PROGRESS_INTERVAL_S)
        self._statuses = live_message("status", self._show_status, STATUS_INTERVAL_S)
        self._making: dict[str, asyncio.Task[None]] = {}

    def photos_changed(self, training_id: str) -> None:
        """See `Announcer.photos_changed`."""
        self._counters.touch(training_id)

    async def resume_counters(self) -> None:
        """Show the photo counters again that a stop or a crash may have left behind."""
        for training_id in await self._views.open_photo_steps():
            self._counters.touch(training_id)

    async def show_counter_anew(self, training_id: str) -> None:
        """Move the photo counter of a draft to the bottom of the chat, if its step is open."""
        old = await self._views.forget_counter_message(training_id)
        if old is not None:
            with contextlib.suppress(AiogramError, TimeoutError):
                await self._bot.delete_message(old.chat_id, old.message_id)
        self._counters.touch(training_id)

    async def close_counter(self, training_id: str) -> None:
        """End the photo counter of a draft; what is put in its place is not overwritten by it."""
        await self._views.set_counter_message(training_id, COUNTER_CLOSED)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(EDIT_PATIENCE_S):
                await self._counters.finished(training_id)

    def training_changed(self, training_id: str) -> None:
        """See `Announcer.training_changed`."""
        self._progress.touch(training_id)

    def generation_changed(self, generation_id: str) -> None:
        """See `Announcer.generation_changed`."""
        self._statuses.touch(generation_id)

    async def show_progress_anew(self, training: Training) -> None:
        """Move the progress message of a training to the bottom of the chat."""
        if training.progress_message_id is not None:
            with contextlib.suppress(AiogramError, TimeoutError):
                await self._bot.delete_message(training.chat_id, training.progress_message_id)
        await self._views.set_progress_message(training.id, None)
        self._progress.touch(training.id)

    async def draft_ages(self, training_id: str, kept_until: date) -> None:
        """See `Announcer.draft_ages`."""
        view = await self._views.photos(training_id)
        if view is None:
            return
        screen = screens.draft_reminder(Texts(view.language), view, self._rules, kept_until)
        await self._delivery.send(view.training.user_id, view.training.chat_id, screen)

    async def training_ended(self, training_id: str) -> None:
        """See `Announcer.training_ended`."""
        view = await self._views.training(training_id)
        if view is None:
            return
        screen = progress_screens.training_end(Texts(view.language), view)
        await self._delivery.send(view.training.user_id, view.training.chat_id, screen)

    async def generation_ended(self, generation_id: str) -> None:
        """See `Announcer.generation_ended`."""
        view = await self._views.generation(generation_id)
        if view is not None:
            await self._delivery.send_result(view)

    async def training_settled(self, training_id: str) -> None:
        """See `Announcer.training_settled`."""
        if not await self._progress.settle(training_id):
            raise DeliveryFailed("the progress message could not be brought up to date")

    async def generation_settled(self, generation_id: str) -> None:
        """See `Announcer.generation_settled`."""
        if (action := self._making.pop(generation_id, None)) is not None:
            action.cancel()
        self._shown.pop(f"g{generation_id}", None)
        view = await self._views.generation(generation_id)
        if view is not None and view.generation.status_message_id is not None:
            with contextlib.suppress(AiogramError, TimeoutError):
                await self._bot.delete_message(
                    view.generation.chat_id, view.generation.status_message_id
                )

    async def _show_counter(self, training_id: str) -> None:
        view = await self._views.photos(training_id)
        if view is None or view.training.counter_message_id == COUNTER_CLOSED:
            return
        if not (view.photos or view.training.counter_message_id):
            return
        screen = photo_screens.photo_counter(Texts(view.language), view, self._rules)
        message_id = await self._put(
            f"c{training_id}", view.training.chat_id, view.training.counter_message_id, screen
        )
        if message_id != view.training.counter_message_id:
            await self._views.set_counter_message(training_id, message_id)

    async def _show_progress(self, training_id: str) -> None:
        view = await self._views.training(training_id)
        if view is None or view.training.state == TrainingState.DRAFT:
            return
        screen = progress_screens.progress(
            Texts(view.language), view, is_fal_down=self._fal_health.is_down
        )
        known = view.training.progress_message_id
        if known is None and view.training.state.is_final:
            return
        message_id = await self._put(f"p{training_id}", view.training.chat_id, known, screen)
        if message_id != known:
            await self._views.set_progress_message(training_id, message_id)

    async def _show_status(self, generation_id: str) -> None:
        view = await self._views.generation(generation_id)
        if view is None or view.generation.announced_at is not None:
            return
        if view.generation.purpose is Purpose.PREVIEW:
            # Nobody asked for it, so nobody waits for it.
            return
        if generation_id not in self._making:
            self._making[generation_id] = self._nursery.start(
                show_upload_action(self._bot, view.generation.chat_id),
                name=f"chat action {generation_id}",
            )
        known = view.generation.status_message_id
        screen = generate_screens.generating(Texts(view.language), view.generation)
        message_id = await self._put(f"g{generation_id}", view.generation.chat_id, known, screen)
        if message_id != known and not await self._views.set_status_message(
            generation_id, message_id
        ):
            # It was told while this message was on its way.
            await self._bot.delete_message(view.generation.chat_id, message_id)

    async def _put(self, key: str, chat_id: int, message_id: int | None, screen: Screen) -> int:
        """Show a screen in its message, or in a new one where the old is gone."""
        shown = self._shown.get(key)
        if message_id is None:
            message_id = await self._send(chat_id, screen)
        elif shown != Shown(message_id, screen):
            message_id = await self._edit(chat_id, message_id, screen)
        self._shown.pop(key, None)
        if len(self._shown) >= SHOWN_REMEMBERED:
            # What was shown longest ago. Forgotten, it costs one edit that changes nothing.
            del self._shown[next(iter(self._shown))]
        self._shown[key] = Shown(message_id, screen)
        return message_id

    async def _send(self, chat_id: int, screen: Screen) -> int:
        message = await self._bot.send_message(chat_id, screen.text, reply_markup=screen.keyboard)
        return message.message_id

    async def _edit(self, chat_id: int, message_id: int, screen: Screen) -> int:
        try:
            await self._bot.edit_message_text(
                screen.text, chat_id=chat_id, message_id=message_id, reply_markup=screen.keyboard
            )
        except TelegramBadRequest as error:
            if "message is not modified" in error.message:
                return message_id
            if "message to edit not found" in error.message or "can't be edited" in error.message:
                return await self._send(chat_id, screen)
            raise
        return message_id
