"""What each screen says: a text and its keyboard, made from what the services give."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from aiogram.types import InlineKeyboardMarkup

from db.tables import Generation, Photo, Training
from db.vocabulary import GenerationState, PhotoState, QualityMode, TrainingState
from handlers import keyboards
from services.fal.endpoints import TRAINERS
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.modes import modes_of
from services.views import PhotosView, TrainingView
from texts.reader import Texts

BAR_CELLS = 12
MAX_REFUSALS_LISTED = 12
"""Keeps the counter far below Telegram's 4096 characters."""

MAX_PROMPT_SHOWN = 200


@dataclass(frozen=True)
class Screen:
    """A message: HTML text and inline keyboard.

    With a `photo`, a Telegram file id, the text is its caption.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    photo: str | None = None


def draft_found(t: Texts, draft: Training, photo_count: int, rules: TrainingRules) -> Screen:
    """Give the offer to go on with a draft that was left behind."""
    text = t(
        "draft-found",
        name=draft.name or "none",
        count=photo_count,
        min=rules.min_photos,
        max=rules.max_photos,
    )
    return Screen(text, keyboards.draft_found(t, draft.id))


def draft_reminder(t: Texts, view: PhotosView, rules: TrainingRules, kept_until: date) -> Screen:
    """Give the notice that a draft will be removed, with the ways to go on or to drop it."""
    text = t(
        "draft-reminder",
        name=view.training.name or "none",
        count=view.count(PhotoState.ACCEPTED),
        min=rules.min_photos,
        max=rules.max_photos,
        until=kept_until,
    )
    return Screen(text, keyboards.draft_found(t, view.training.id))


def mode_question(t: Texts, training: Training, prices: PriceList) -> Screen:
    """Give the question for the quality mode, with prices, and durations where they are known."""
    costs: dict[QualityMode, str] = {}
    values: dict[str, int | str] = {}
    key = "ask-mode-untimed"
    for mode, settings in modes_of(training.trainer).items():
        costs[mode] = t.usd(prices.training_usd(training.trainer, settings.steps))
        values |= {f"{mode.value}_steps": str(settings.steps), f"{mode.value}_price": costs[mode]}
        if settings.usual_minutes is not None:
            key = "ask-mode"
            shortest, longest = settings.usual_minutes
            values |= {f"{mode.value}_from": shortest, f"{mode.value}_to": longest}
    return Screen(t(key, **values), keyboards.modes(t, training.id, costs))


def summary(t: Texts, training: Training, photo_count: int, rules: TrainingRules) -> Screen:
    """Give everything the user has chosen, and the start button."""
    text = t(
        "summary",
        name=training.name or "",
        trigger=training.trigger_word or "",
        subject=t.plain(f"subject-name-{training.subject}"),
        photos=photo_count,
        mode=t.plain(f"mode-name-{training.mode}", steps=str(training.steps)),
        price=t.usd(training.price_usd or Decimal(0)),
    )
    if len(rules.trainers) > 1:
        nickname = TRAINERS[training.trainer].nickname
        text += "\n" + t("summary-trainer", trainer=t.plain(f"trainer-name-{nickname}"))
    return Screen(text, keyboards.summary(t, training.id))


def photo_counter(t: Texts, view: PhotosView, rules: TrainingRules) -> Screen:
    """Give the photo counter; once the draft has moved on it is a plain record."""
    accepted = view.count(PhotoState.ACCEPTED)
    pending = view.count(PhotoState.PENDING)
    is_open = view.training.state == TrainingState.DRAFT
    lines = [
        t(
            "photos-counter",
            accepted=accepted,
            min=rules.min_photos,
            max=rules.max_photos,
        )
    ]
    if pending:
        lines.append(t("photos-checking", count=pending))
    lines += _refusals(t, view.photos, rules)
    if view.repeats:
        lines.append(t("photos-repeats", count=view.repeats))
    if is_open and not pending:
        lines += ["", _advice(t, accepted, rules)]
    keyboard = keyboards.photo_counter(
        t,
        view.training.id,
        can_finish=accepted >= rules.min_photos,
        has_photos=bool(view.photos),
    )
    return Screen("\n".join(lines), keyboard if is_open else None)


def _advice(t: Texts, accepted: int, rules: TrainingRules) -> str:
    if accepted < rules.min_photos:
        return t("photos-need-more", count=rules.min_photos - accepted)
    if accepted >= rules.max_photos:
        return t("photos-full")
    if accepted < rules.recommended_photos:
        return t("photos-enough", recommended=rules.recommended_photos)
    return t("photos-plenty")


def _refusals(t: Texts, photos: Sequence[Photo], rules: TrainingRules) -> list[str]:
    refused = [photo for photo in photos if photo.state == PhotoState.REFUSED]
    if not refused:
        return []
    lines = ["", t("photos-refused", count=len(refused))]
    for photo in refused[:MAX_REFUSALS_LISTED]:
        values: dict[str, int | str] = {"max": rules.max_photos}
        # As text, so that a size is not grouped like a sum of money.
        values |= {name: str(value) for name, value in photo.refusal_params.items()}
        reason = t.plain(f"refusal-{photo.refusal}", **values)
        which = photo.label or t.plain("photo-number", number=str(photo.number))
        lines.append(t("photos-refused-line", which=which, reason=reason))
    if len(refused) > MAX_REFUSALS_LISTED:
        lines.append(t("photos-refused-more", count=len(refused) - MAX_REFUSALS_LISTED))
    return lines


def sheet_caption(t: Texts, photos: Sequence[Photo]) -> str:
    """Give the words under a contact sheet."""
    states = Counter(photo.state for photo in photos)
    return t(
        "sheet-caption",
        accepted=states[PhotoState.ACCEPTED],
        refused=states[PhotoState.REFUSED],
    )


def tile_words(t: Texts, photo: Photo) -> str:
    """Give the words under a photo on a contact sheet."""
    if photo.state == PhotoState.PENDING:
        return t.plain("tile-pending")
    return t.plain(f"tile-{photo.refusal}") if photo.state == PhotoState.REFUSED else ""


def progress(t: Texts, view: TrainingView, *, is_fal_down: bool = False) -> Screen:
    """Give the progress message of a training; in an outage of fal it says so, calmly."""
    training = view.training
    lines = [t("progress-title", name=training.name or ""), _progress_line(t, view)]
    if training.state == TrainingState.TRAINING:
        lines.append(t("progress-bar", bar=bar(training.percent), percent=training.percent))
        if view.seconds_left is not None:
            lines.append(_time_left(t, view.seconds_left))
    if is_fal_down and not training.state.is_final:
        lines.append(t("progress-trouble"))
    is_stopping = training.cancel_requested_at is not None
    if is_stopping and not training.state.is_final:
        lines.append(t("progress-cancelling"))
    can_cancel = training.state.is_cancellable and not is_stopping
    keyboard = keyboards.cancel_training(t, training.id) if can_cancel else None
    return Screen("\n".join(lines), keyboard)


def _progress_line(t: Texts, view: TrainingView) -> str:
    training = view.training
    values: dict[str, int | str] = {}
    if training.state == TrainingState.PREPARING:
        values = {"done": training.prepared_photos, "total": view.photo_count}
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
    """Give the message that a training has ended."""
    training, name = view.training, view.training.name or ""
    if view.model is not None:
        text = t("training-completed", name=name, trigger=view.model.trigger_word)
        if training.cancel_requested_at is not None:
            text += "\n" + t("training-completed-late")
        return Screen(text, keyboards.model_ready(t, view.model))
    if training.state == TrainingState.CANCELLED:
        return Screen(t("training-cancelled", name=name), keyboards.try_again(t, training.id))
    reason = t.plain(f"failure-{training.failure}")
    return Screen(
        t("training-failed", name=name, reason=reason), keyboards.try_again(t, training.id)
    )


def generating(t: Texts, generation: Generation) -> Screen:
    """Give the message shown while a picture is made."""
    prompt = generation.prompt[:MAX_PROMPT_SHOWN]
    if generation.state == GenerationState.UNCONFIRMED:
        return Screen(t("generating-unconfirmed"))
    if generation.queue_position is None:
        return Screen(t("generating", prompt=prompt))
    if generation.queue_position == 0:
        return Screen(t("generating-next", prompt=prompt))
    return Screen(t("generating-queued", position=generation.queue_position, prompt=prompt))


def state_name(t: Texts, training: Training) -> str:
    """Give a training's state in a word or two."""
    key = training.state.value if training.state.is_final else "running"
    return t.plain(f"state-{key}")
