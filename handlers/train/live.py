"""What the chat shows of a draft and of a training while the background tasks work at them."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import date

from handlers.telegram.live_message import LiveMessage
from handlers.telegram.outgoing import Outgoing, ScreensInPlace
from handlers.telegram.screen import Screen
from handlers.train import photo_screens, progress_screens, screens
from services.domain.values import SentMessage, Training
from services.domain.vocabulary import PhotoState
from services.errors import DeliveryFailed
from services.photos.coach.judging import Flaw
from services.rules import TrainingRules
from services.training.coach import Coach
from services.training.views import COUNTER_CLOSED, TrainingViews
from texts.reader import Texts

COUNTER_INTERVAL_S = 1.0
PROGRESS_INTERVAL_S = 3.0

EDIT_PATIENCE_S = 3.0
"""For how long an edit that is under way may keep the next question waiting."""


class TrainLive:
    """The photo counter, the progress message, and the end of a training.

    Args:
        outgoing: How the user is reached.
        views: What is shown.
        rules: The operator's limits.
        coach: Compares the faces of a set.
    """

    def __init__(
        self, outgoing: Outgoing, views: TrainingViews, rules: TrainingRules, coach: Coach
    ) -> None:
        self._outgoing = outgoing
        self._coach = coach
        self._views = views
        self._rules = rules
        self._counter_screens = ScreensInPlace(outgoing)
        self._progress_screens = ScreensInPlace(outgoing)
        self._waiting: dict[str, Callable[[], Awaitable[None]]] = {}
        nursery, health = outgoing.nursery, outgoing.health
        self._counters = LiveMessage(
            "counter", nursery, self._show_counter, COUNTER_INTERVAL_S, health
        )
        self._progress = LiveMessage(
            "progress", nursery, self._show_progress, PROGRESS_INTERVAL_S, health
        )

    def photos_changed(self, training_id: str) -> None:
        """See `Announcer.photos_changed`."""
        self._counters.touch(training_id)
        if training_id in self._waiting:
            self._outgoing.nursery.start(
                self._go_on_if_checked(training_id), name=f"photos of {training_id} are checked"
            )

    async def are_photos_checked(self, training_id: str) -> bool:
        """Return whether nothing is left to be found out about the photos of a draft."""
        view = await self._views.photos(training_id)
        is_checking = view is not None and view.count(PhotoState.PENDING) > 0
        return not is_checking and await self._coach.is_compared(training_id)

    def when_checked(self, training_id: str, go_on: Callable[[], Awaitable[None]]) -> None:
        """Call back once, as soon as all photos of a draft are checked and compared."""
        self._waiting[training_id] = go_on
        self.photos_changed(training_id)

    def photos_checked(self, training_id: str) -> None:
        """Call back who waits for the photos of a draft that this or another process has checked.

        Args:
            training_id: The draft; an empty text where it may be any.
        """
        for each in self._waiting.keys() & {training_id} if training_id else list(self._waiting):
            self.photos_changed(each)

    async def _go_on_if_checked(self, training_id: str) -> None:
        view = await self._views.photos(training_id)
        if view is not None and view.count(PhotoState.PENDING):
            return
        go_on = self._waiting.pop(training_id, None)
        if go_on is not None and view is not None:
            if await self._coach.compare(training_id, by_looking_again=True):
                self._counters.touch(training_id)
            await go_on()

    async def resume_counters(self) -> None:
        """Show the photo counters again that a stop or a crash may have left behind."""
        for training_id in await self._views.open_photo_steps():
            self._counters.touch(training_id)

    async def open_counter(self, training_id: str) -> None:
        """Count the photos of a draft in a new message, as soon as there are some."""
        await self._views.set_counter_message(training_id, None)
        self._counters.touch(training_id)

    async def reopen_counter(self, training_id: str) -> None:
        """Count the photos of a draft again where its photo step was left."""
        await self._views.reopen_counter(training_id)
        self._counters.touch(training_id)

    async def move_counter_down(self, training_id: str) -> None:
        """Move the photo counter of a draft to the bottom of the chat, if its step is open."""
        old = await self._views.forget_counter_message(training_id)
        if old is not None:
            await self._outgoing.delete(old)
        self._counters.touch(training_id)

    async def close_counter(self, training_id: str) -> None:
        """End the photo counter of a draft; what is put in its place is not overwritten by it."""
        await self._views.set_counter_message(training_id, COUNTER_CLOSED)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(EDIT_PATIENCE_S):
                await self._counters.finished(training_id)

    async def coach_warning(self, t: Texts, training_id: str) -> Screen | None:
        """Return what it costs to train on photos with flaws; None where they have none."""
        view = await self._views.photos(training_id)
        return None if view is None else photo_screens.go_on_anyway(t, view, self._rules)

    async def faceless_offer(self, t: Texts, training_id: str) -> Screen | None:
        """Return how to go on with photos without a face; None where nothing depends on them."""
        view = await self._views.photos(training_id)
        return None if view is None else photo_screens.faceless_offer(t, view, self._rules)

    async def flaws(self, training_id: str) -> dict[int, tuple[Flaw, ...]]:
        """Return the flaws of a draft's photos that have some, by the ids of the photos."""
        view = await self._views.photos(training_id)
        verdict = view.verdict(self._rules.recommended_photos) if view is not None else None
        if view is None or verdict is None:
            return {}
        return {
            photo.id: flaws for photo, flaws in zip(view.seen, verdict.flaws, strict=True) if flaws
        }

    async def draft_ages(self, training_id: str, kept_until: date) -> None:
        """See `Announcer.draft_ages`."""
        view = await self._views.photos(training_id)
        if view is not None:
            screen = screens.draft_reminder(Texts(view.language), view, self._rules, kept_until)
            await self._outgoing.send(view.owner.user_id, view.owner.place, screen)

    def training_changed(self, training_id: str) -> None:
        """See `Announcer.training_changed`."""
        self._progress.touch(training_id)

    async def move_progress_down(self, training: Training) -> None:
        """Move the progress message of a training to the bottom of the chat."""
        if training.progress_message_id is not None:
            await self._outgoing.delete(
                SentMessage(training.chat_id, training.progress_message_id)
            )
        await self._views.set_progress_message(training.id, None)
        self._progress.touch(training.id)

    async def training_asks(self, training_id: str) -> None:
        """See `Announcer.training_asks`."""
        view = await self._views.training(training_id)
        if view is not None:
            await self.move_progress_down(view.training)

    async def training_ended(self, training_id: str) -> None:
        """See `Announcer.training_ended`."""
        view = await self._views.training(training_id)
        if view is not None:
            screen = progress_screens.training_end(Texts(view.language), view)
            await self._outgoing.send(view.training.user_id, view.training.place, screen)

    async def training_in_doubt(self, training_id: str) -> None:
        """See `Announcer.training_in_doubt`."""
        view = await self._views.training(training_id)
        if view is not None:
            screen = progress_screens.doubt(Texts(view.language), view)
            await self._outgoing.send(view.training.user_id, view.training.place, screen)

    async def training_settled(self, training_id: str) -> None:
        """See `Announcer.training_settled`."""
        if not await self._progress.settle(training_id):
            raise DeliveryFailed("the progress message could not be brought up to date")

    async def _show_counter(self, training_id: str) -> None:
        view = await self._views.photos(training_id)
        if view is None or view.counter_message_id == COUNTER_CLOSED:
            return
        known = view.counter_message_id
        if not (view.photos or known):
            return
        screen = photo_screens.photo_counter(Texts(view.language), view, self._rules)
        newest = max((photo.message_id for photo in view.photos), default=0)
        # Photos that came after the counter are counted below them, where the user looks.
        shown_in = known if known is None or known > newest else None
        message_id = await self._counter_screens.put(
            training_id, view.owner.place, shown_in, screen
        )
        if message_id == known:
            return
        is_kept = await self._views.replace_counter_message(training_id, known, message_id)
        if not is_kept:
            # Another process has sent one meanwhile, or the step was left.
            self._counter_screens.forget(training_id)
            self._counters.touch(training_id)
        old = known if is_kept else message_id
        if old is not None:
            await self._outgoing.delete(SentMessage(view.owner.chat_id, old))

    async def _show_progress(self, training_id: str) -> None:
        view = await self._views.training(training_id)
        if view is None:
            return
        screen = progress_screens.progress(Texts(view.language), view)
        known = view.training.progress_message_id
        if known is None and view.training.state.is_final:
            return
        message_id = await self._progress_screens.put(
            training_id, view.training.place, known, screen
        )
        if message_id != known and not await self._views.replace_progress_message(
            training_id, known, message_id
        ):
            # Another process has sent one meanwhile, or the training was deleted.
            self._progress_screens.forget(training_id)
            self._progress.touch(training_id)
            await self._outgoing.delete(SentMessage(view.training.chat_id, message_id))
