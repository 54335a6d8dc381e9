"""What the screens say, in both languages and with awkward names."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from aiogram.types import InlineKeyboardMarkup

from handlers.generate import results_screens
from handlers.generate import screens as generate_screens
from handlers.telegram.callbacks import ResultAction, ResultButton, UseModel
from handlers.telegram.screen import Screen
from handlers.train import photo_screens as train_photo_screens
from handlers.train import progress_screens as train_progress_screens
from handlers.train import screens as train_screens
from handlers.train.callbacks import TrainingButton
from handlers.train.photo_screens import MAX_NEAR_LISTED, MAX_REFUSALS_LISTED
from handlers.train.trainers_screens import trainer_question
from services.domain.clock import now
from services.domain.states import GenerationState, TrainingState
from services.domain.values import Draft, Model, Photo, Training
from services.domain.vocabulary import FailureReason, Language, PhotoState, QualityMode, Subject
from services.fal.client import FalClient
from services.fal.endpoints import TRAINERS
from services.money.prices import PriceList
from services.photos.refusal import RefusalReason
from services.progress import progress_of
from services.rules import TrainingRules
from services.training.offers import Quote, TrainingOffers
from services.views import PhotosView, TrainingView
from tests import values
from tests.services.kit import FAST, FLUX_2, Z_IMAGE
from tests.values import a_generation
from texts.reader import Texts

EN, RU = Texts(Language.EN), Texts(Language.RU)
RULES = TrainingRules()
PRICES = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
OFFERS = TrainingOffers(RULES, PRICES)
AWKWARD = "<b>Tom & Ann</b>"
ESCAPED = "&lt;b&gt;Tom &amp; Ann&lt;/b&gt;"
MESSAGE_LIMIT = 4096
ROW_ID = "abcdefghijkl"


def a_training(**changes: object) -> Training:
    values: dict[str, Any] = {
        "id": ROW_ID,
        "user_id": 1,
        "chat_id": 1,
        "state": TrainingState.TRAINING,
        "name": "Anna",
        "trigger_word": "ANNA_A3F2",
        "subject": Subject.WOMAN,
        "mode": QualityMode.STANDARD,
        "steps": 1000,
        "price_usd": Decimal("2.00"),
        "trainer": RULES.trainers[0],
        "percent": 0,
        "prepared_photos": 0,
    }
    values.update(changes)
    return Training(**values)


def a_photo(state: PhotoState, **changes: object) -> Photo:
    return values.a_photo(state=state, **changes)


def a_model(**changes: object) -> Model:
    return values.a_model(**{"id": ROW_ID, "active": True} | changes)


def labels(keyboard: InlineKeyboardMarkup | None) -> list[str]:
    rows = keyboard.inline_keyboard if keyboard else []
    return [button.text for row in rows for button in row]


A_DRAFT = values.a_draft(id=ROW_ID)


def counter(t: Texts, photos: Sequence[Photo], owner: Draft | Training = A_DRAFT) -> Screen:
    numbered = (replace(photo, number=number) for number, photo in enumerate(photos, start=1))
    view = PhotosView(owner, t.language, tuple(numbered))
    return train_photo_screens.photo_counter(t, view, RULES)


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


def test_a_counter_whose_training_has_started_is_a_plain_record() -> None:
    screen = counter(EN, [ACCEPTED] * 5, a_training(state=TrainingState.PREPARING))
    assert screen.keyboard is None
    assert EN("photos-enough", recommended=10) not in screen.text


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "1 фото не подходит"),
        (2, "2 фото не подходят"),
        (5, "5 фото не подходят"),
        (21, "21 фото не подходит"),
    ],
)
def test_refusals_are_counted_in_russian(count: int, words: str) -> None:
    refused = a_photo(PhotoState.REFUSED, refusal="gif")
    assert words in counter(RU, [refused] * count).text


def test_near_copies_are_named_and_no_more_than_a_few() -> None:
    photo = a_photo(PhotoState.ACCEPTED, fingerprint="80" * 1024)
    text = counter(EN, [photo, replace(photo, label=AWKWARD), ACCEPTED]).text
    assert f"👯 {ESCAPED} is almost the same as photo 1." in text
    assert EN("photos-near-advice") in text
    many = counter(EN, [photo] * 20).text
    assert many.count("👯") == MAX_NEAR_LISTED
    assert f"and {19 - MAX_NEAR_LISTED} more" in many
    assert "👯" not in counter(EN, [photo, ACCEPTED]).text


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


def view_of(training: Training, seconds_left: int | None = None) -> TrainingView:
    progress = progress_of(training, [ACCEPTED] * 10, now())
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
    can_cancel = state.is_cancellable and not asked_to_stop
    choices = [t.plain("go-on-with", count=10)] if state is TrainingState.ASKING else []
    choices.append(t.plain("cancel-training"))
    assert labels(screen.keyboard) == (choices if can_cancel else [])
    stopping = asked_to_stop and not state.is_final
    assert (t("progress-cancelling") in screen.text) is stopping


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


@pytest.mark.parametrize(
    ("amount", "in_english", "in_russian"),
    [
        ("2", "$2.00", "2,00 $"),
        ("2.4", "$2.40", "2,40 $"),
        ("0.035", "$0.035", "0,035 $"),
        ("0.03500", "$0.035", "0,035 $"),
        ("0", "$0.00", "0,00 $"),
        ("1234.5", "$1234.50", "1234,50 $"),
        ("0.0085", "$0.0085", "0,0085 $"),
    ],
)
def test_an_amount_of_dollars(amount: str, in_english: str, in_russian: str) -> None:
    assert EN.usd(Decimal(amount)) == in_english
    assert RU.usd(Decimal(amount)).replace("\N{NO-BREAK SPACE}", " ") == in_russian


def test_a_decimal_has_the_mark_of_the_language() -> None:
    assert (EN.decimal(1.2), RU.decimal(1.2)) == ("1.2", "1,2")


QUOTE = Quote(Decimal(2), Decimal("0.035"), pictures=1)


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_the_summary_names_the_whole_price_to_who_pays_it(t: Texts) -> None:
    draft = values.a_draft()
    whole = t("summary-price-with-pictures", price=t.usd(QUOTE.total_usd), count=1)
    assert whole in train_screens.summary(t, draft, 12, RULES, QUOTE).text
    alone = train_screens.summary(t, draft, 12, RULES, Quote(Decimal(2), Decimal("0.035"), 0)).text
    assert t("summary-price", price=t.usd(Decimal(2))) in alone
    guest = Texts(t.language, shows_prices=False)
    assert "$" not in train_screens.summary(guest, draft, 12, RULES, QUOTE).text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_the_summary_names_everything_chosen(t: Texts) -> None:
    draft = values.a_draft(name=AWKWARD)
    text = train_screens.summary(t, draft, 12, RULES, QUOTE).text
    mode = t("mode-name-standard", steps="1000")
    for part in (
        ESCAPED,
        "ANNA_A3F2",
        "12",
        t.usd(QUOTE.total_usd),
        mode,
        t("subject-name-woman"),
    ):
        assert part in text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_the_summary_names_the_trainer_only_where_there_was_a_choice(t: Texts) -> None:
    several = replace(RULES, trainers=(FAST, Z_IMAGE))
    draft = values.a_draft(trainer=Z_IMAGE)
    named = t("summary-trainer", trainer=t.plain("trainer-name-z-image"))
    assert train_screens.summary(t, draft, 12, several, QUOTE).text.endswith(named)
    assert named not in train_screens.summary(t, draft, 12, RULES, QUOTE).text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_the_question_for_the_trainer_says_what_each_is_good_for_and_costs(t: Texts) -> None:
    everything = replace(RULES, trainers=tuple(TRAINERS))
    screen = trainer_question(t, values.a_draft(), TrainingOffers(everything, PRICES).all())
    for trainer in TRAINERS.values():
        assert t(f"trainer-about-{trainer.nickname}") in screen.text
    names = [t.plain(f"trainer-name-{trainer.nickname}") for trainer in TRAINERS.values()]
    costs = [t.usd(Decimal(usd)) for usd in ("1.00", "1.20", "0.85", "3.20", "0.75")]
    assert labels(screen.keyboard) == [
        *(
            t.plain("trainer-choice", name=name, price=cost)
            for name, cost in zip(names, costs, strict=True)
        ),
        t.plain("back"),
        t.plain("cancel"),
    ]


def test_the_trainers_are_offered_in_the_operators_order() -> None:
    two = replace(RULES, trainers=(Z_IMAGE, FAST))
    first, second, *_ = labels(
        trainer_question(EN, values.a_draft(), TrainingOffers(two, PRICES).all()).keyboard
    )
    assert ("Z-Image" in first, "FLUX.1 Fast" in second) == (True, True)


def test_a_duration_that_nobody_knows_is_not_promised() -> None:
    text = train_screens.mode_question(EN, values.a_draft(), OFFERS.of(FLUX_2)).text
    assert "1000 steps, $6.40. A better likeness." in text
    assert "minutes" not in text


def test_the_question_for_the_mode_names_prices_and_durations() -> None:
    screen = train_screens.mode_question(EN, values.a_draft(), OFFERS.of(FAST))
    for part in ("500 steps, $1.00, usually 2–5", "1000 steps, $2.00, usually 3–8"):
        assert part in screen.text
    assert labels(screen.keyboard)[:2] == ["⚡ Economy · $1.00", "⭐ Standard · $2.00"]


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
    generation = a_generation(id=ROW_ID, failure=failure, prompt="x")
    said = results_screens.failure(t, generation)
    assert t(f"failure-{failure.value}") in said.text
    assert said.keyboard is not None
    again = said.keyboard.inline_keyboard[0][0].callback_data or ""
    wanted = ResultButton(action=ResultAction.AGAIN, generation_id=ROW_ID)
    assert ResultButton.unpack(again) == wanted


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("state", list(GenerationState))
@pytest.mark.parametrize("position", [None, 0, 7])
def test_a_generation_under_way_shows_its_prompt_as_text(
    t: Texts, state: GenerationState, position: int | None
) -> None:
    prompt = AWKWARD + "&" * 900
    generation = a_generation(id=ROW_ID, state=state, prompt=prompt, queue_position=position)
    text = generate_screens.generating(t, generation).text
    assert len(text) < MESSAGE_LIMIT
    if state is not GenerationState.UNCONFIRMED:
        assert ESCAPED in text


@pytest.mark.parametrize(
    ("t", "accepted", "words"),
    [
        (EN, 1, "1 of 5–20 photos is here. I keep this draft until November 29, 2026."),
        (EN, 7, "7 of 5–20 photos are here. I keep this draft until November 29, 2026."),
        (RU, 1, "загружено 1 фото из 5–20. Я храню черновик до 29 ноября 2026"),
        (RU, 3, "загружены 3 фото из 5–20. Я храню черновик до 29 ноября 2026"),
    ],
)
def test_the_notice_says_what_is_there_and_until_when(t: Texts, accepted: int, words: str) -> None:
    draft = values.a_draft(name=AWKWARD)
    view = PhotosView(draft, t.language, (ACCEPTED,) * accepted)
    screen = train_screens.draft_reminder(t, view, RULES, date(2026, 11, 29))
    assert words in screen.text
    assert ESCAPED in screen.text
    assert labels(screen.keyboard) == [t.plain("draft-continue"), t.plain("draft-anew")]
