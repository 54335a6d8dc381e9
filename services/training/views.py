"""What a front shows of drafts and trainings, and in which messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.values import Draft, Model, Photo, SentMessage, Training
from services.domain.vocabulary import Language, PhotoState
from services.photos.coach.judging import SetVerdict
from services.photos.coach.sets import near_copies_among, seen_among, verdict_on
from services.progress import Progress, progress_of
from services.training.own_draft import own_training

COUNTER_CLOSED = 0
"""In place of the counter's message id: the photo step is left, and what its last checks still
report must not send a new counter below the next question."""


@dataclass(frozen=True)
class PhotosView:
    """The photos of a draft or of the training it has become, in the order they were sent.

    `counter_message_id` is the message that counts them, `COUNTER_CLOSED` where the step is left.
    """

    owner: Draft | Training
    language: Language
    photos: tuple[Photo, ...]
    counter_message_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether photos can still be sent and removed."""
        return isinstance(self.owner, Draft)

    def count(self, state: PhotoState) -> int:
        """Count the photos in one state."""
        return sum(photo.state == state for photo in self.photos)

    @property
    def near_copies(self) -> tuple[tuple[Photo, Photo], ...]:
        """Accepted photos that are almost the same as an earlier one, each with the first such."""
        return near_copies_among(self.photos)

    def verdict(self, recommended: int) -> SetVerdict | None:
        """Return what the coach says of the accepted photos; None where it has seen none.

        Args:
            recommended: How many photos a good set has.
        """
        return verdict_on(self.photos, recommended)

    @property
    def seen(self) -> tuple[Photo, ...]:
        """The accepted photos on which the coach saw somebody."""
        return tuple(photo for photo, _ in seen_among(self.photos))

    @property
    def repeats(self) -> int:
        """How many times a photo that is already there was sent again."""
        return sum(photo.repeats for photo in self.photos)


@dataclass(frozen=True)
class TrainingView:
    """A training, how far it is, the model it has made, and what its user gets back."""

    training: Training
    language: Language
    progress: Progress
    model: Model | None = None
    stars_back: int = 0


@dataclass(frozen=True)
class ListedTraining:
    """A training as programs have it, with the model it has made."""

    training: Training
    model: Model | None = None


class TrainingViews:
    """Reads drafts and trainings for the screens, each in one transaction.

    Args:
        database: Where everything is kept.
        is_fal_down: Tells whether fal does not answer now.
    """

    def __init__(
        self, database: Database, is_fal_down: Callable[[], bool] = lambda: False
    ) -> None:
        self._database = database
        self._is_fal_down = is_fal_down

    async def photos(self, training_id: str) -> PhotosView | None:
        """Return the photos of a draft or training."""
        async with self._database.transaction() as tx:
            owner = await _owner(tx, training_id)
            user = await tx.users.get(owner.user_id) if owner else None
            if owner is None or user is None:
                return None
            photos = await tx.photos.all_of(training_id)
            counter = await tx.photos.counter_message(training_id)
        return PhotosView(owner, user.language, tuple(photos), counter)

    async def own(self, user_id: int, training_id: str) -> ListedTraining:
        """Return a training to its owner.

        Raises:
            NotFound: No such training of this user.
        """
        async with self._database.transaction() as tx:
            training = await own_training(tx, user_id, training_id)
            return ListedTraining(training, await tx.models.of_training(training_id))

    async def open_photo_steps(self) -> Sequence[str]:
        """Return the ids of drafts with photos whose photo step was not left."""
        async with self._database.transaction() as tx:
            return await tx.drafts.in_photo_step(COUNTER_CLOSED)

    async def training(self, training_id: str) -> TrainingView | None:
        """Return a training."""
        async with self._database.transaction() as tx:
            training = await tx.trainings.read(training_id)
            user = await tx.users.get(training.user_id) if training else None
            if training is None or user is None:
                return None
            photos = await tx.photos.all_of(training_id)
            model = await tx.models.of_training(training_id)
            order = await tx.orders.get(training_id)
        progress = progress_of(training, photos, now(), is_fal_down=self._is_fal_down())
        back = order.returned if order is not None else 0
        return TrainingView(training, user.language, progress, model, back)

    async def set_counter_message(self, training_id: str, message_id: int | None) -> None:
        """Remember which message is the photo counter."""
        async with self._database.transaction() as tx:
            await _set_counter(tx, training_id, message_id)

    async def replace_counter_message(
        self, training_id: str, known: int | None, message_id: int
    ) -> bool:
        """Remember that a message is the photo counter now, where it was `known` until now.

        Returns:
            False where another was sent meanwhile, as by another process, or the step was left.
        """
        async with self._database.transaction() as tx:
            await tx.drafts.lock(training_id)
            if await tx.photos.counter_message(training_id) != known:
                return False
            await _set_counter(tx, training_id, message_id)
            return True

    async def reopen_counter(self, training_id: str) -> None:
        """Have the photo counter sent as a new message if the photo step was left."""
        async with self._database.transaction() as tx:
            await tx.drafts.lock(training_id)
            if await tx.photos.counter_message(training_id) == COUNTER_CLOSED:
                await _set_counter(tx, training_id, None)

    async def forget_counter_message(self, training_id: str) -> SentMessage | None:
        """Have the next photo counter sent as a new message, unless the photo step is left.

        Returns:
            The message that was the counter, if there was one.
        """
        async with self._database.transaction() as tx:
            owner = await _owner(tx, training_id)
            known = await tx.photos.counter_message(training_id)
            if owner is None or not known:
                return None
            await _set_counter(tx, training_id, None)
            return SentMessage(owner.chat_id, known)

    async def set_progress_message(self, training_id: str, message_id: int | None) -> None:
        """Remember which message is the progress message."""
        async with self._database.transaction() as tx:
            await tx.trainings.show_in(training_id, message_id)

    async def replace_progress_message(
        self, training_id: str, known: int | None, message_id: int
    ) -> bool:
        """Remember that a message is the progress message, see `replace_counter_message`."""
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            if row is None or row.progress_message_id != known:
                return False
            await tx.trainings.show_in(training_id, message_id)
            return True


async def newest_trainings(tx: Transaction, user_id: int, limit: int) -> Sequence[ListedTraining]:
    """Return the user's trainings, newest first, in one statement."""
    found = await tx.trainings.latest_with_models(user_id, limit)
    return [ListedTraining(training, model) for training, model in found]


async def _owner(tx: Transaction, training_id: str) -> Draft | Training | None:
    return await tx.drafts.read(training_id) or await tx.trainings.read(training_id)


async def _set_counter(tx: Transaction, training_id: str, message_id: int | None) -> None:
    # The draft before its photo set, as everywhere, so that nobody waits in a circle.
    await tx.drafts.touch(training_id)
    await tx.photos.set_counter_message(training_id, message_id)
