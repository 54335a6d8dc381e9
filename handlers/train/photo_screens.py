"""What the photo step says: the counter and the contact sheet."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from handlers.telegram.flaws import flaw_lines, listed
from handlers.telegram.screen import Screen
from handlers.train import keyboards
from handlers.train.callbacks import PhotoAction
from handlers.train.order import unanswered
from handlers.train.states import TrainForm
from services.domain.values import Draft, Photo, Training
from services.domain.vocabulary import PhotoState
from services.photos.coach.judging import Flaw
from services.photos.coach.sets import numbers_by_flaw
from services.photos.refusal import RefusalReason
from services.rules import TrainingRules
from services.training.views import PhotosView
from texts.reader import Texts

MAX_REFUSALS_LISTED = 12
MAX_NEAR_LISTED = 5
"""Keep the counter far below Telegram's 4096 characters."""

BATCH = timedelta(minutes=1)
"""What was sent before a photo by more than this is no news beside it: its reasons were read."""


def photo_counter(t: Texts, view: PhotosView, rules: TrainingRules) -> Screen:
    """Return the photo counter; once the draft has moved on it is a plain record."""
    accepted = view.count(PhotoState.ACCEPTED)
    pending = view.count(PhotoState.PENDING)
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
    lines += _near_copies(t, view)
    lines += _coach(t, view, rules)
    if view.repeats:
        lines.append(t("photos-repeats", count=view.repeats))
    if view.is_open and not pending:
        lines += ["", _advice(t, accepted, rules)]
    keyboard = keyboards.photo_counter(
        t,
        view.owner.id,
        _actions(view, rules),
        can_try=rules.has_instant and accepted > 0,
        is_asked=_is_asked(view.owner),
    )
    return Screen("\n".join(lines), keyboard if view.is_open else None)


def faceless_offer(t: Texts, view: PhotosView, rules: TrainingRules) -> Screen | None:
    """Return the button that takes photos without a face, where there are too few others."""
    accepted, faceless = view.count(PhotoState.ACCEPTED), _faceless(view)
    if accepted >= rules.min_photos or not faceless:
        return None
    values = {"accepted": accepted, "min": rules.min_photos, "faceless": faceless}
    return Screen(t("photos-too-few-faceless", **values), keyboards.insist(t, view.owner.id))


def _faceless(view: PhotosView) -> int:
    return sum(photo.refusal == RefusalReason.NO_FACE for photo in view.photos)


def _is_asked(owner: Draft | Training) -> bool:
    return isinstance(owner, Draft) and unanswered(owner) == TrainForm.photos


def _actions(view: PhotosView, rules: TrainingRules) -> set[PhotoAction]:
    """Return what can be done with the photos; a button that does nothing is not shown."""
    accepted = view.count(PhotoState.ACCEPTED)
    can_be = {
        PhotoAction.DONE: accepted >= rules.min_photos,
        PhotoAction.REMOVE_LAST: accepted > 0 or view.count(PhotoState.PENDING) > 0,
        PhotoAction.START_OVER: bool(view.photos),
        PhotoAction.SHOW: bool(view.photos),
        PhotoAction.INSIST: _faceless(view) > 0,
    }
    return {action for action, is_so in can_be.items() if is_so}


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
    newest = max((one.created_at for one in photos if one not in refused), default=None)
    recent = [one for one in refused if newest is None or newest - one.created_at <= BATCH]
    earlier = len(refused) - len(recent)
    lines = _refusals_in_full(t, recent, rules) if recent else []
    return [*lines, "", t("photos-refused-earlier", count=earlier)] if earlier else lines


def _refusals_in_full(t: Texts, refused: Sequence[Photo], rules: TrainingRules) -> list[str]:
    lines = ["", t("photos-refused", count=len(refused))]
    names: dict[str, list[str]] = {}
    for photo in refused[:MAX_REFUSALS_LISTED]:
        values: dict[str, int | str] = {"max": rules.max_photos, "number": "unknown"}
        # As text, so that a size is not grouped like a sum of money.
        values |= {name: str(value) for name, value in photo.refusal_params.items()}
        reason = t.plain(f"refusal-{photo.refusal}", **values)
        names.setdefault(reason, []).append(photo_name(t, photo))
    lines += [
        t("photos-refused-line", which=", ".join(which), reason=reason)
        for reason, which in names.items()
    ]
    if len(refused) > MAX_REFUSALS_LISTED:
        lines.append(t("photos-refused-more", count=len(refused) - MAX_REFUSALS_LISTED))
    return lines


def _near_copies(t: Texts, view: PhotosView) -> list[str]:
    pairs = view.near_copies
    lines = [
        t("photos-near", which=_name_at_start(t, photo), other=photo_name(t, first))
        for photo, first in pairs[:MAX_NEAR_LISTED]
    ]
    if len(pairs) > MAX_NEAR_LISTED:
        lines.append(t("photos-refused-more", count=len(pairs) - MAX_NEAR_LISTED))
    return ["", *lines, t("photos-near-advice")] if lines else []


def _coach(t: Texts, view: PhotosView, rules: TrainingRules) -> list[str]:
    verdict = view.verdict(rules.recommended_photos)
    if verdict is None or view.count(PhotoState.PENDING):
        return []
    flaws = dict(numbers_by_flaw(view.photos, verdict))
    # Near copies have lines of their own above.
    flaws.pop(Flaw.COPY, None)
    lines = ["", *flaw_lines(t, flaws)] if flaws else []
    lack = t.plain(f"lack-{verdict.lack or 'nothing'}")
    return [*lines, "", t("photos-score", score=str(verdict.score), advice=lack)]


def go_on_anyway(t: Texts, view: PhotosView, rules: TrainingRules) -> Screen | None:
    """Return what it costs to train on photos with flaws, by the worst one of each.

    None where there is nothing to say.
    """
    verdict = view.verdict(rules.recommended_photos)
    if verdict is None or not verdict.flawed:
        return None
    numbers: dict[Flaw, list[int]] = {}
    for photo, flaws in zip(view.seen, verdict.flaws, strict=True):
        if flaws:
            numbers.setdefault(flaws[0], []).append(photo.number)
    photos = "; ".join(
        t.plain("coach-photos", numbers=listed(those), flaw=t.plain(f"tile-flaw-{flaw}"))
        for flaw, those in numbers.items()
    )
    text = t("coach-cost", photos=photos, count=verdict.flawed)
    return Screen(text, keyboards.go_on_anyway(t, view.owner.id))


def photo_name(t: Texts, photo: Photo) -> str:
    """Return what a photo is called: its file's name, or its number."""
    return photo.label or t.plain("photo-number", number=str(photo.number))


def _name_at_start(t: Texts, photo: Photo) -> str:
    return photo.label or t.plain("photo-number-at-start", number=str(photo.number))


def sheet_caption(t: Texts, photos: Sequence[Photo], flawed: int = 0) -> str:
    """Return the words under a contact sheet; `flawed` counts accepted photos with flaws."""
    states = Counter(photo.state for photo in photos)
    return t(
        "sheet-caption",
        accepted=states[PhotoState.ACCEPTED] - flawed,
        flawed=flawed,
        refused=states[PhotoState.REFUSED],
    )


def tile_words(t: Texts, photo: Photo, flaws: Sequence[Flaw] = ()) -> str:
    """Return the words under a photo on a contact sheet, the worst flaw first."""
    if photo.state == PhotoState.PENDING:
        return t.plain("tile-pending")
    if photo.state == PhotoState.REFUSED:
        return t.plain(f"tile-{photo.refusal}")
    return t.plain(f"tile-flaw-{flaws[0]}") if flaws else ""
