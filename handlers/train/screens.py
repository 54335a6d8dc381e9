"""What the questions of a draft say."""

from dataclasses import replace
from datetime import date

from handlers.telegram.screen import Screen
from handlers.train import keyboards
from services.domain.values import Draft, Training
from services.domain.vocabulary import PhotoState, QualityMode
from services.errors import StaleButton
from services.rules import TrainingRules
from services.training.offers import Quote, TrainerOffer
from services.training.trainers import nickname_of
from services.training.views import PhotosView
from texts.reader import Texts


def consent(t: Texts, rules: TrainingRules) -> Screen:
    """Return the question for the consent, with the ways out."""
    return Screen(consent_text(t, rules), keyboards.consent(t))


def consent_text(t: Texts, rules: TrainingRules) -> str:
    """Return what a user agrees to."""
    return t("ask-consent", days=rules.archive_days)


def draft_found(t: Texts, draft: Draft, photo_count: int, rules: TrainingRules) -> Screen:
    """Return the offer to go on with a draft that was left behind."""
    text = t(
        "draft-found",
        name=draft.name or "none",
        count=photo_count,
        min=rules.min_photos,
        max=rules.max_photos,
    )
    return Screen(text, keyboards.draft_found(t, draft.id))


def to_wait_for(t: Texts, under_way: Training, screen: Screen) -> Screen:
    """Return a screen below the words that a training must end before the next is started."""
    return replace(screen, text=f"{t('train-next', name=under_way.name)}\n\n{screen.text}")


def draft_reminder(t: Texts, view: PhotosView, rules: TrainingRules, kept_until: date) -> Screen:
    """Return the notice that a draft will be removed, with the ways to go on or to drop it."""
    text = t(
        "draft-reminder",
        name=view.owner.name or "none",
        count=view.count(PhotoState.ACCEPTED),
        min=rules.min_photos,
        max=rules.max_photos,
        until=kept_until,
    )
    return Screen(text, keyboards.draft_found(t, view.owner.id))


def chosen(answer: str | None) -> str:
    """Return an answer that a screen shows.

    Raises:
        StaleButton: The draft does not have it, or not any more.
    """
    if answer is None:
        raise StaleButton
    return answer


def subject_question(t: Texts, draft: Draft) -> Screen:
    """Return the question who is in the photos, below the name and what follows from it."""
    name, trigger = chosen(draft.name), chosen(draft.trigger_word)
    taken = t("name-taken-down", name=name, trigger=trigger)
    return Screen(f"{taken}\n\n{t('ask-subject')}", keyboards.subjects(t, draft.id))


def mode_question(t: Texts, draft: Draft, offer: TrainerOffer) -> Screen:
    """Return the question for the quality mode, with prices, and durations where known."""
    costs: dict[QualityMode, str] = {}
    values: dict[str, int | str] = {}
    key = "ask-mode-untimed"
    for one in offer.modes:
        name = one.mode.value
        costs[one.mode] = t.price(one.usd, one.stars)
        values |= {f"{name}_steps": str(one.steps), f"{name}_price": costs[one.mode]}
        if one.usual_minutes is not None:
            key = "ask-mode"
            shortest, longest = one.usual_minutes
            values |= {f"{name}_from": shortest, f"{name}_to": longest}
    return Screen(t(key, **values), keyboards.modes(t, draft.id, costs))


def summary(
    t: Texts, draft: Draft, photo_count: int, rules: TrainingRules, quote: Quote
) -> Screen:
    """Return everything the user has chosen, what it costs in all, and the start button."""
    text = t(
        "summary",
        name=chosen(draft.name),
        trigger=chosen(draft.trigger_word),
        subject=t.plain(f"subject-name-{draft.subject}"),
        photos=photo_count,
        mode=t.plain(f"mode-name-{draft.mode}", steps=str(draft.steps)),
    )
    if t.shows_prices:
        key = "summary-price-with-pictures" if quote.pictures else "summary-price"
        text += "\n" + t(key, price=t.price(quote.total_usd, quote.stars), count=quote.pictures)
    if len(rules.trainers) > 1:
        nickname = nickname_of(draft.trainer)
        text += "\n" + t("summary-trainer", trainer=t.plain(f"trainer-name-{nickname}"))
    return Screen(text, keyboards.summary(t, draft.id, quote.stars))
