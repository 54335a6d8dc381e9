"""What is said of a started training."""

from aiogram.types import InlineKeyboardMarkup

from handlers.telegram.screen import Screen
from handlers.train import keyboards
from handlers.train.photo_screens import photo_name
from handlers.train.screens import consent_text
from services.domain.states import TrainingState
from services.domain.values import Training
from services.jobs.again import can_look_again
from services.progress import Progress
from services.rules import TrainingRules
from services.training.views import TrainingView
from texts.reader import Texts

BAR_CELLS = 12


def progress(t: Texts, view: TrainingView) -> Screen:
    """Return the progress message of a training; in an outage of fal it says so, calmly."""
    now = view.progress
    lines = [t("progress-title", name=view.training.name), _progress_line(t, now)]
    if now.stage == TrainingState.TRAINING:
        lines.append(t("progress-bar", bar=bar(now.percent), percent=now.percent))
        if now.left_s is not None:
            lines.append(_time_left(t, now.left_s))
    if now.is_delayed and now.stage is not TrainingState.ASKING:
        lines.append(t("progress-trouble" if now.stage.is_at_fal else "progress-trouble-before"))
    if now.is_stopping:
        lines.append(t("progress-cancelling"))
    return Screen("\n".join(lines), _keyboard(t, view) if now.can_cancel else None)


def _keyboard(t: Texts, view: TrainingView) -> InlineKeyboardMarkup:
    if view.progress.stage == TrainingState.ASKING:
        return keyboards.fewer_or_stop(t, view.training.id, view.progress.photos)
    return keyboards.cancel_training(t, view.training.id)


def ask_to_cancel(t: Texts, training: Training) -> Screen:
    """Return the question whether a training should really be stopped.

    Whether fal charges for a training that it stops half-way is not known (its documentation says
    nothing of it), so that is what the user reads.
    """
    cost = t("cancel-ask-at-fal" if training.state.is_at_fal else "cancel-ask-free")
    text = f"{t('cancel-ask', name=training.name)}\n{cost}"
    return Screen(text, keyboards.cancel_or_go_on(t, training.id))


def ask_consent(t: Texts, rules: TrainingRules, training_id: str) -> Screen:
    """Return the question for the consent before another try; its wording has changed."""
    text = f"{t('consent-changed')}\n\n{consent_text(t, rules)}"
    return Screen(text, keyboards.agree_and_try_again(t, training_id))


def _progress_line(t: Texts, now: Progress) -> str:
    values: dict[str, int | str] = {}
    if now.stage == TrainingState.PREPARING:
        values = {"done": now.packed, "total": now.photos}
    elif now.stage == TrainingState.ASKING:
        which = ", ".join(photo_name(t, photo) for photo in now.lost)
        values = {"lost": len(now.lost), "which": which, "left": now.photos}
    elif now.stage == TrainingState.QUEUED:
        values = {"position": now.ahead}
    return t(f"progress-{now.stage.value}", **values)


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
        text = t("training-cancelled", name=name) + _back(t, view)
        return Screen(text, keyboards.try_again(t, training.id))
    reason = t.plain(f"failure-{training.failure}")
    keyboard = keyboards.try_again(t, training.id, can_look_again=can_look_again(training))
    return Screen(t("training-failed", name=name, reason=reason) + _back(t, view), keyboard)


def _back(t: Texts, view: TrainingView) -> str:
    return "\n" + t("stars-back", stars=view.stars_back) if view.stars_back else ""


def doubt(t: Texts, view: TrainingView) -> Screen:
    """Return the message that it is not clear yet what fal has done with a training."""
    key = "training-in-doubt" if view.training.request_id is None else "training-late"
    return Screen(t(key, name=view.training.name))
