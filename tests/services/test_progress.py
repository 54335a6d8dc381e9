"""How far a training is, for whatever front shows it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import PhotoState
from services.photos.refusal import RefusalReason
from services.progress import Progress, progress_of
from tests.values import a_photo, a_training

NOW = now()
LOST = a_photo(id=2, state=PhotoState.REFUSED, refusal=RefusalReason.LOST.value)
PHOTOS = [
    a_photo(state=PhotoState.ACCEPTED),
    LOST,
    a_photo(id=3, state=PhotoState.REFUSED, refusal=RefusalReason.GIF.value),
]


def test_photos_are_counted_by_what_became_of_them() -> None:
    training = a_training(state=TrainingState.PREPARING, prepared_photos=1)
    assert progress_of(training, PHOTOS, NOW) == Progress(
        stage=TrainingState.PREPARING, photos=1, packed=1, lost=(LOST,), can_cancel=True
    )


def test_nobody_is_ahead_until_fal_says_so() -> None:
    queued = a_training(state=TrainingState.QUEUED)
    assert progress_of(queued, [], NOW).ahead == 0
    assert progress_of(replace(queued, queue_position=3), [], NOW).ahead == 3


def test_the_time_that_is_left_follows_from_the_time_that_has_passed() -> None:
    begun = a_training(
        state=TrainingState.TRAINING,
        percent=25,
        training_started_at=NOW - timedelta(seconds=60),
    )
    progress = progress_of(begun, [], NOW)
    assert (progress.percent, progress.elapsed_s, progress.left_s) == (25, 60.0, 180)
    too_early = progress_of(replace(begun, percent=1), [], NOW)
    assert (too_early.elapsed_s, too_early.left_s) == (60.0, None)


@pytest.mark.parametrize("state", TrainingState)
@pytest.mark.parametrize("is_asked", [False, True])
def test_only_what_is_under_way_stops_or_waits(state: TrainingState, *, is_asked: bool) -> None:
    training = a_training(state=state, cancel_requested_at=NOW if is_asked else None)
    progress = progress_of(training, [], NOW, is_fal_down=True)
    assert progress.is_delayed is not state.is_final
    assert progress.is_stopping is (is_asked and not state.is_final)
    assert progress.can_cancel is (training.is_cancellable and not is_asked)
