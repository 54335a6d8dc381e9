"""The photo counter: what is missing, what was refused and why."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from handlers.telegram.screen import Screen
from handlers.train import photo_screens as train_photo_screens
from handlers.train.photo_screens import BATCH, MAX_NEAR_LISTED, MAX_REFUSALS_LISTED
from services.domain.states import TrainingState
from services.domain.values import Draft, Photo, Training
from services.domain.vocabulary import PhotoState
from services.photos.coach.seen import Seen
from services.photos.refusal import RefusalReason
from services.training.views import PhotosView
from tests import values
from tests.handlers.samples import (
    AWKWARD,
    EN,
    ESCAPED,
    MESSAGE_LIMIT,
    ROW_ID,
    RU,
    RULES,
    a_training,
    labels,
)
from texts.reader import Texts

A_DRAFT = values.a_draft(id=ROW_ID)


def a_photo(state: PhotoState, **changes: object) -> Photo:
    return values.a_photo(state=state, **changes)


def counter(t: Texts, photos: Sequence[Photo], owner: Draft | Training = A_DRAFT) -> Screen:
    numbered = (replace(photo, number=number) for number, photo in enumerate(photos, start=1))
    view = PhotosView(owner, t.language, tuple(numbered))
    return train_photo_screens.photo_counter(t, view, RULES)


def warning(t: Texts, photos: Sequence[Photo]) -> Screen | None:
    view = PhotosView(A_DRAFT, t.language, tuple(photos))
    return train_photo_screens.go_on_anyway(t, view, RULES)


GOOD = Seen(faces=1, face_px=300, sharpness=800.0, light=190.0, eyes=0.8, alike=0.8)
EARLIER = datetime(2026, 11, 29, 12, tzinfo=UTC)
ACCEPTED, PENDING = a_photo(PhotoState.ACCEPTED), a_photo(PhotoState.PENDING)


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 more photo,"), (2, "2 more photos,"), (5, "5 more photos,")],
)
def test_the_counter_says_how_many_are_missing(count: int, words: str) -> None:
    screen = counter(EN, [ACCEPTED] * (5 - count))
    assert words in screen.text
    assert EN.plain("photos-done") not in labels(screen.keyboard)


@pytest.mark.parametrize(
    ("accepted", "key"),
    [(5, "photos-enough"), (9, "photos-enough"), (10, "photos-plenty"), (20, "photos-full")],
)
def test_the_counter_advises_once_there_are_enough(accepted: int, key: str) -> None:
    screen = counter(EN, [ACCEPTED] * accepted)
    assert EN(key, recommended=10) in screen.text
    assert f"accepted: {accepted}</b> (5 to 20 needed)" in screen.text
    assert EN.plain("photos-done") in labels(screen.keyboard)


def test_the_counter_gives_no_advice_while_photos_are_checked() -> None:
    screen = counter(EN, [ACCEPTED] * 5 + [PENDING])
    assert EN("photos-checking", count=1) in screen.text
    assert EN("photos-enough", recommended=10) not in screen.text


A_GIF = a_photo(PhotoState.REFUSED, refusal="gif")


@pytest.mark.parametrize(
    ("photos", "actions"),
    [
        ([], []),
        ([A_GIF], ["start-over", "show"]),
        ([PENDING], ["remove-last", "start-over", "show"]),
        ([ACCEPTED, A_GIF], ["remove-last", "start-over", "show"]),
        ([ACCEPTED] * 5, ["done", "remove-last", "start-over", "show"]),
        (
            [a_photo(PhotoState.REFUSED, refusal="no_face")],
            ["start-over", "show", "insist"],
        ),
    ],
)
def test_the_counter_offers_only_what_can_be_done(photos: list[Photo], actions: list[str]) -> None:
    ways_out = [EN.plain("back"), EN.plain("cancel")]
    offered = [EN.plain(f"photos-{action}") for action in actions]
    assert labels(counter(EN, photos).keyboard) == offered + ways_out


@pytest.mark.parametrize("missing", ["name", "subject"])
def test_the_ways_out_of_an_earlier_question_are_under_that_question(missing: str) -> None:
    unanswered: dict[str, Any] = {missing: None}
    early = replace(A_DRAFT, **unanswered)
    offered = labels(counter(EN, [ACCEPTED], early).keyboard)
    assert not {EN.plain("back"), EN.plain("cancel")} & set(offered)


def test_a_counter_whose_training_has_started_is_a_plain_record() -> None:
    screen = counter(EN, [ACCEPTED] * 5, a_training(state=TrainingState.PREPARING))
    assert screen.keyboard is None
    assert EN("photos-enough", recommended=10) not in screen.text


def test_refusals_for_one_reason_are_one_line() -> None:
    text = counter(
        RU,
        [
            a_photo(PhotoState.REFUSED, refusal="not_a_photo", label="отзыв.txt"),
            a_photo(PhotoState.REFUSED, refusal="gif"),
            ACCEPTED,
            a_photo(PhotoState.REFUSED, refusal="not_a_photo"),
        ],
    ).text
    assert "<b>Не принято: 3</b>" in text
    assert "отзыв.txt, фото 4 — это не фото;" in text
    assert "фото 2 — это GIF" in text
    assert text.count("это не фото") == 1


@pytest.mark.parametrize("state", [PhotoState.ACCEPTED, PhotoState.PENDING])
def test_refusals_are_counted_only_once_something_newer_was_taken(state: PhotoState) -> None:
    old = a_photo(PhotoState.REFUSED, refusal="gif", created_at=EARLIER)
    taken_with_it = a_photo(state, created_at=EARLIER + BATCH)
    newer = a_photo(state, created_at=EARLIER + 2 * BATCH)
    refused_since = a_photo(PhotoState.REFUSED, refusal="pdf", created_at=EARLIER + 3 * BATCH)
    assert "photo 1 – a GIF" in counter(EN, [old, taken_with_it]).text
    assert "photo 1 – a GIF" in counter(EN, [old, refused_since]).text
    text = counter(EN, [old, newer, refused_since]).text
    assert "a GIF" not in text
    assert "Not accepted: 1" in text
    assert "photo 3 – a PDF" in text
    assert EN("photos-refused-earlier", count=1) in text
    text = counter(RU, [old, newer]).text
    assert RU("photos-refused-earlier", count=1) in text
    assert "<b>Не принято" not in text


def test_near_copies_are_named_and_no_more_than_a_few() -> None:
    photo = a_photo(PhotoState.ACCEPTED, fingerprint="80" * 1024)
    text = counter(EN, [photo, replace(photo, label=AWKWARD), ACCEPTED]).text
    assert f"👯 {ESCAPED} is almost the same as photo 1." in text
    assert EN("photos-near-advice") in text
    many = counter(EN, [photo] * 20).text
    assert many.count("👯") == MAX_NEAR_LISTED
    assert f"and {19 - MAX_NEAR_LISTED} more" in many
    assert "👯" not in counter(EN, [photo, ACCEPTED]).text


def test_a_line_begins_with_a_large_letter_but_for_the_name_of_a_file() -> None:
    photo = a_photo(PhotoState.ACCEPTED, fingerprint="80" * 1024)
    assert "👯 Photo 2 is almost the same as photo 1." in counter(EN, [photo] * 2).text
    assert "👯 Фото 2 — почти то же самое, что фото 1." in counter(RU, [photo] * 2).text
    named = replace(photo, label="me.jpg")
    assert "👯 me.jpg is almost the same as photo 1." in counter(EN, [photo, named]).text


def test_a_flaw_that_is_told_above_leaves_no_gap() -> None:
    photo = a_photo(PhotoState.ACCEPTED, fingerprint="80" * 1024, seen=GOOD.stored())
    text = counter(EN, [photo] * 2).text
    assert "👯" in text
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("t", "begins"),
    [
        (EN, "<b>Photo 2 (too dark) could be better.</b>"),
        (RU, "<b>Фото 2 (слишком темно) могло бы быть лучше.</b>"),
    ],
    ids=["en", "ru"],
)
def test_a_warning_names_the_worst_flaw_of_each_photo(t: Texts, begins: str) -> None:
    good = a_photo(PhotoState.ACCEPTED, seen=GOOD.stored(), number=1)
    dark = a_photo(PhotoState.ACCEPTED, seen=replace(GOOD, light=40, eyes=0).stored(), number=2)
    hidden = a_photo(PhotoState.ACCEPTED, seen=replace(GOOD, eyes=0).stored(), number=3)
    screen = warning(t, [good, dark])
    assert screen is not None
    assert screen.text.startswith(begins)
    several = warning(EN, [good, dark, hidden, replace(dark, number=4)])
    assert several is not None
    named = "<b>3 photos could be better:</b> 2, 4 (too dark); 3 (eyes hidden)."
    assert several.text.startswith(named)
    assert warning(t, [good]) is None


def test_a_repeated_picture_is_named_by_the_number_of_the_first() -> None:
    known, old = (
        a_photo(PhotoState.REFUSED, refusal="duplicate", refusal_params=params)
        for params in ({"number": 3}, {})
    )
    assert "the same picture as photo 3" in counter(EN, [known]).text
    assert "та же картинка, что и фото 3" in counter(RU, [known]).text
    assert "exactly the same as another photo" in counter(EN, [old]).text


def test_each_refusal_says_which_photo_and_why() -> None:
    too_small = {"width": 300, "height": 4000, "min_side_px": 512}
    screen = counter(
        EN,
        [
            ACCEPTED,
            a_photo(PhotoState.REFUSED, refusal="too_small", refusal_params=too_small),
            a_photo(PhotoState.REFUSED, refusal="pdf", label=AWKWARD),
            a_photo(PhotoState.REFUSED, refusal="too_many"),
        ],
    )
    # Numbers are text: 4000 must not become 4,000.
    assert "photo 2 – too small (300×4000); the short side must be at least 512" in screen.text
    assert f"{ESCAPED} – a PDF" in screen.text
    assert "photo 4 – there are already 20 photos" in screen.text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("reason", list(RefusalReason))
def test_a_counter_full_of_refusals_fits_into_a_message(t: Texts, reason: RefusalReason) -> None:
    params = {
        "width": 30000,
        "height": 30000,
        "min_side_px": 512,
        "max_megapixels": 100,
        "max_megabytes": 20,
        "max_ratio": 4,
        "found": "SVG",
    }
    label = "&" * 40
    photo = a_photo(
        PhotoState.REFUSED, refusal=reason.value, refusal_params=params, label=label, repeats=3
    )
    screen = counter(t, [photo] * 100)
    assert len(screen.text) < MESSAGE_LIMIT
    more = 100 - MAX_REFUSALS_LISTED
    assert t("photos-refused-more", count=more) in screen.text
    assert t("photos-repeats", count=300) in screen.text
