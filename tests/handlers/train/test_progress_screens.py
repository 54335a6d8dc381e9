"""The progress of a training and its end, in every state."""

from dataclasses import replace

import pytest

from handlers.telegram.callbacks import UseModel
from handlers.train import progress_screens as train_progress_screens
from handlers.train.callbacks import TrainingButton
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Training
from services.domain.vocabulary import FailureReason, Language, PhotoState
from services.progress import progress_of
from services.training.views import TrainingView
from tests import values
from tests.handlers.samples import AWKWARD, EN, ESCAPED, ROW_ID, RU, a_model, a_training, labels
from texts.reader import Texts


def view_of(training: Training, seconds_left: int | None = None) -> TrainingView:
    progress = progress_of(training, [values.a_photo(state=PhotoState.ACCEPTED)] * 10, now())
    return TrainingView(training, Language.EN, replace(progress, left_s=seconds_left))


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("state", TrainingState)
@pytest.mark.parametrize("asked_to_stop", [False, True])
def test_the_progress_of_every_state_is_told(
    t: Texts, state: TrainingState, *, asked_to_stop: bool
) -> None:
    requested = now() if asked_to_stop else None
    training = a_training(state=state, name=AWKWARD, cancel_requested_at=requested)
    screen = train_progress_screens.progress(t, view_of(training))
    assert ESCAPED in screen.text
    can_cancel = training.is_cancellable and not asked_to_stop
    choices = [t.plain("go-on-with", count=10)] if state is TrainingState.ASKING else []
    choices.append(t.plain("cancel-training"))
    assert labels(screen.keyboard) == (choices if can_cancel else [])
    stopping = asked_to_stop and not state.is_final
    assert (t("progress-cancelling") in screen.text) is stopping


@pytest.mark.parametrize("state", TrainingState)
def test_only_of_what_fal_has_it_is_said_that_it_goes_on_there(state: TrainingState) -> None:
    view = view_of(a_training(state=state))
    delayed = replace(view.progress, is_delayed=not state.is_final)
    text = train_progress_screens.progress(EN, replace(view, progress=delayed)).text
    assert (EN("progress-trouble") in text) is state.is_at_fal
    tries = delayed.is_delayed and not state.is_at_fal and state is not TrainingState.ASKING
    assert (EN("progress-trouble-before") in text) is tries


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, None),
        (10, "less than a minute"),
        (60, "about 1 minute left"),
        (119, "about 2 minutes left"),
        (21 * 60, "about 21 minutes left"),
    ],
)
def test_the_time_left_is_told_in_minutes(seconds: int | None, words: str | None) -> None:
    text = train_progress_screens.progress(EN, view_of(a_training(percent=40), seconds)).text
    assert "40%" in text
    assert (words in text) if words else ("left" not in text)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 минуты"), (2, "2 минут"), (5, "5 минут"), (21, "21 минуты")],
)
def test_minutes_in_russian(minutes: int, words: str) -> None:
    text = train_progress_screens.progress(RU, view_of(a_training(percent=40), minutes * 60)).text
    assert f"осталось около {words}" in text.splitlines()[-1]
    assert text.splitlines()[-1].endswith(words)


@pytest.mark.parametrize(
    ("position", "words"), [(None, "next in line"), (0, "next in line"), (3, "3 ahead of us")]
)
def test_the_place_in_the_queue_is_told(position: int | None, words: str) -> None:
    training = a_training(state=TrainingState.QUEUED, queue_position=position)
    assert words in train_progress_screens.progress(EN, view_of(training)).text


@pytest.mark.parametrize(
    ("percent", "filled"), [(0, 0), (1, 0), (25, 3), (50, 6), (99, 11), (100, 12)]
)
def test_a_bar_is_always_twelve_cells(percent: int, filled: int) -> None:
    assert train_progress_screens.bar(percent) == "█" * filled + "░" * (12 - filled)


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_the_end_of_a_training_leads_on(t: Texts) -> None:
    done = a_training(state=TrainingState.COMPLETED, name=AWKWARD)
    model = a_model(name=AWKWARD, trigger_word="ANNA_A3F2")
    view = replace(view_of(done), model=model)
    screen = train_progress_screens.training_end(t, view)
    assert ESCAPED in screen.text
    assert "<code>ANNA_A3F2</code>" in screen.text
    assert screen.keyboard is not None
    go, copy = (row[0] for row in screen.keyboard.inline_keyboard)
    assert go.callback_data == UseModel(model_id=ROW_ID, then_prompt=True).pack()
    assert copy.copy_text is not None
    assert copy.copy_text.text == "ANNA_A3F2"


def test_a_model_that_came_despite_a_cancel_says_so() -> None:
    done = a_training(state=TrainingState.COMPLETED, cancel_requested_at=now())
    screen = train_progress_screens.training_end(EN, replace(view_of(done), model=a_model()))
    assert EN("training-completed-late") in screen.text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("failure", list(FailureReason))
def test_a_failure_says_why_and_offers_to_try_again(t: Texts, failure: FailureReason) -> None:
    failed = a_training(state=TrainingState.FAILED, failure=failure)
    screen = train_progress_screens.training_end(t, view_of(failed))
    assert t(f"failure-{failure.value}") in screen.text
    assert screen.keyboard is not None
    data = screen.keyboard.inline_keyboard[0][0].callback_data or ""
    assert TrainingButton.unpack(data).training_id == ROW_ID


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("state", [TrainingState.FAILED, TrainingState.CANCELLED])
def test_who_has_paid_reads_what_is_back(t: Texts, state: TrainingState) -> None:
    ended = view_of(a_training(state=state, failure=FailureReason.DEADLINE))
    back = t("stars-back", stars=60)
    paid = replace(ended, stars_back=60)
    assert train_progress_screens.training_end(t, paid).text.endswith(back)
    assert "⭐" not in train_progress_screens.training_end(t, ended).text
