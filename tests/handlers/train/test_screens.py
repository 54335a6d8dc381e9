"""The questions after the photos, and the reminder of a draft."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from handlers.train import screens as train_screens
from services.domain.values import Photo
from services.domain.vocabulary import PhotoState
from services.errors import StaleButton
from services.training.offers import Quote
from services.training.views import PhotosView
from tests import values
from tests.handlers.samples import AWKWARD, EN, ESCAPED, OFFERS, RU, RULES, labels
from tests.services.kit import FAST, FLUX_2, Z_IMAGE
from texts.reader import Texts

QUOTE = Quote(Decimal(2), Decimal("0.035"), pictures=1)


def a_photo(state: PhotoState, **changes: object) -> Photo:
    return values.a_photo(state=state, **changes)


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


@pytest.mark.parametrize("missing", ["name", "trigger_word"])
def test_a_question_about_what_is_not_chosen_is_not_shown(missing: str) -> None:
    draft = values.a_draft(**{missing: None})
    with pytest.raises(StaleButton):
        train_screens.summary(EN, draft, 12, RULES, QUOTE)
    with pytest.raises(StaleButton):
        train_screens.subject_question(EN, draft)


def test_the_question_for_the_subject_repeats_the_name_and_tells_the_trigger_word() -> None:
    screen = train_screens.subject_question(EN, values.a_draft(name=AWKWARD))
    assert ESCAPED in screen.text
    assert "ANNA_A3F2" in screen.text


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_the_summary_names_the_trainer_only_where_there_was_a_choice(t: Texts) -> None:
    several = replace(RULES, trainers=(FAST, Z_IMAGE))
    draft = values.a_draft(trainer=Z_IMAGE)
    named = t("summary-trainer", trainer=t.plain("trainer-name-z-image"))
    assert train_screens.summary(t, draft, 12, several, QUOTE).text.endswith(named)
    assert named not in train_screens.summary(t, draft, 12, RULES, QUOTE).text


def test_a_duration_that_nobody_knows_is_not_promised() -> None:
    text = train_screens.mode_question(EN, values.a_draft(), OFFERS.of(FLUX_2)).text
    assert "1000 steps, $6.40. A better likeness." in text
    assert "minutes" not in text


def test_the_question_for_the_mode_names_prices_and_durations() -> None:
    screen = train_screens.mode_question(EN, values.a_draft(), OFFERS.of(FAST))
    for part in ("500 steps, $1.00, usually 2–5", "1000 steps, $2.00, usually 3–8"):
        assert part in screen.text
    assert labels(screen.keyboard)[:2] == ["⚡ Economy · $1.00", "🎯 Standard · $2.00"]


@pytest.mark.parametrize(
    ("t", "accepted", "words"),
    [
        (EN, 1, "1 photo is here (5 to 20 needed). I keep this draft until November 29, 2026."),
        (EN, 7, "7 photos are here (5 to 20 needed). I keep this draft until November 29, 2026."),
        (RU, 1, "загружено 1 фото (нужно от 5 до 20). Я храню черновик до 29 ноября 2026"),
        (RU, 3, "загружены 3 фото (нужно от 5 до 20). Я храню черновик до 29 ноября 2026"),
    ],
)
def test_the_notice_says_what_is_there_and_until_when(t: Texts, accepted: int, words: str) -> None:
    draft = values.a_draft(name=AWKWARD)
    view = PhotosView(draft, t.language, (a_photo(PhotoState.ACCEPTED),) * accepted)
    screen = train_screens.draft_reminder(t, view, RULES, date(2026, 11, 29))
    assert words in screen.text
    assert ESCAPED in screen.text
    assert labels(screen.keyboard) == [t.plain("draft-continue"), t.plain("draft-anew")]
