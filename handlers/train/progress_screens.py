"""What is said of a started training."""

from aiogram.types import InlineKeyboardMarkup

from handlers.telegram.screen import Screen
from handlers.train import keyboards
from handlers.train.photo_screens import photo_name
from services.domain.states import TrainingState
from services.domain.values import Training
from services.jobs.again import can_look_again
from services.views import TrainingView
from texts.reader import Texts

BAR_CELLS = 12


def progress(t: Texts, view: TrainingView, *, is_fal_down: bool = False) -> Screen:
    """Return the progress message of a training; in an outage of fal it says so, calmly."""
    training = view.training
    lines = [t("progress-title", name=training.name), _progress_line(t, view)]
    if training.state == TrainingState.TRAINING:
        lines.append(t("progress-bar", bar=bar(training.percent), percent=training.percent))
        if view.seconds_left is not None:
            lines.append(_time_left(t, view.seconds_left))
    if is_fal_down and not training.state.is_final:
        lines.append(t("progress-trouble"))
    is_stopping = training.cancel_requested_at is not None
    if is_stopping and not training.state.is_final:
        lines.append(t("progress-cancelling"))
    keyboard = None
    if training.state.is_cancellable and not is_stopping:
        keyboard = _keyboard(t, view)
    return Screen("\n".join(lines), keyboard)


def _keyboard(t: Texts, view: TrainingView) -> InlineKeyboardMarkup:
    if view.training.state == TrainingState.ASKING:
        return keyboards.fewer_or_stop(t, view.training.id, view.photo_count)
    return keyboards.cancel_training(t, view.training.id)


def ask_to_cancel(t: Texts, training: Training) -> Screen:
    """Return the question whether a training should really be stopped.

    Whether fal charges for a training that it stops half-way is not known (its documentation says
    nothing of it), so that is what the user reads.
    """
    at_fal = training.state in {TrainingState.QUEUED, TrainingState.TRAINING}
    cost = t("cancel-ask-at-fal" if at_fal else "cancel-ask-free")
    text = f"{t('cancel-ask', name=training.name)}\n{cost}"
    return Screen(text, keyboards.cancel_or_go_on(t, training.id))


def _progress_line(t: Texts, view: TrainingView) -> str:
    training = view.training
    values: dict[str, int | str] = {}
    if training.state == TrainingState.PREPARING:
        values = {"done": training.prepared_photos, "total": view.photo_count}
    elif training.state == TrainingState.ASKING:
        which = ", ".join(photo_name(t, photo) for photo in view.lost)
        values = {"lost": len(view.lost), "which": which, "left": view.photo_count}
    elif training.state == TrainingState.QUEUED:
        values = {"position": training.queue_position or 0}
    return t(f"progress-{training.state.value}", **values)


def _time_left(t: Texts, seconds: int) -> str:
    minutes = round(seconds / 60)
    return t("progress-left", minutes=minutes) if minutes else t("progress-left-soon")


def bar(percent: int) -> str:
    """Draw how far something is: 25 -> `███░░░░░░░░░`."""
    filled = percent * BAR_CELLS // 100
    return "█" * filled + "░" * (BAR_CELLS - filled)


def training_end(t: Texts, view: TrainingView) -> Screen:
    """Return the message that a training has ended."""
    training, name = view.training, view.training.name
    if view.model is not None:
        text = t("training-completed", name=name, trigger=view.model.trigger_word)
        if training.cancel_requested_at is not None:
            text += "\n" + t("training-completed-late")
        return Screen(text, keyboards.model_ready(t, view.model))
    if training.state == TrainingState.CANCELLED:
        return Screen(t("training-cancelled", name=name), keyboards.try_again(t, training.id))
    reason = t.plain(f"failure-{training.failure}")
    keyboard = keyboards.try_again(t, training.id, can_look_again=can_look_again(training))
    return Screen(t("training-failed", name=name, reason=reason), keyboard)


def doubt(t: Texts, view: TrainingView) -> Screen:
    """Return the message that it is not clear yet what fal has done with a training."""
    key = "training-in-doubt" if view.training.request_id is None else "training-late"
    return Screen(t(key, name=view.training.name))
