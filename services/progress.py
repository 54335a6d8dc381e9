"""How far a training is: given whole, so that every front shows the same."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from services.domain.states import TrainingState
from services.domain.values import Photo, Training
from services.domain.vocabulary import PhotoState
from services.fal.progress import seconds_left
from services.photos.refusal import RefusalReason


@dataclass(frozen=True)
class Progress:
    """How far a training is.

    Attributes:
        stage: Where it stands.
        photos: How many photos it has.
        packed: How many of them are packed, while it prepares.
        lost: Photos that were accepted and can no longer be fetched.
        ahead: How many others fal makes first, while it waits in fal's queue.
        percent: How much of the training fal has done, 0-100.
        elapsed_s: Seconds since fal began; None before.
        left_s: About how many seconds are left; None until it can be told.
        is_stopping: Whether it was asked to stop, and has not ended yet.
        can_cancel: Whether it can be asked to stop.
        is_delayed: Whether it waits for fal, which does not answer now.
    """

    stage: TrainingState
    photos: int = 0
    packed: int = 0
    lost: tuple[Photo, ...] = ()
    ahead: int = 0
    percent: int = 0
    elapsed_s: float | None = None
    left_s: int | None = None
    is_stopping: bool = False
    can_cancel: bool = False
    is_delayed: bool = False


def progress_of(
    training: Training, photos: Collection[Photo], at: datetime, *, is_fal_down: bool = False
) -> Progress:
    """Return how far a training is.

    Args:
        training: The training.
        photos: All its photos.
        at: The present moment.
        is_fal_down: Whether fal does not answer now.
    """
    elapsed_s, left_s = None, None
    if training.training_started_at is not None:
        elapsed_s = (at - training.training_started_at).total_seconds()
        left_s = seconds_left(training.percent, elapsed_s)
    is_under_way = not training.state.is_final
    is_stopping = training.cancel_requested_at is not None
    return Progress(
        stage=training.state,
        photos=sum(photo.state == PhotoState.ACCEPTED for photo in photos),
        packed=training.prepared_photos,
        lost=tuple(photo for photo in photos if photo.refusal == RefusalReason.LOST),
        ahead=training.queue_position or 0,
        percent=training.percent,
        elapsed_s=elapsed_s,
        left_s=left_s,
        is_stopping=is_stopping and is_under_way,
        can_cancel=training.is_cancellable and not is_stopping,
        is_delayed=is_fal_down and is_under_way,
    )
