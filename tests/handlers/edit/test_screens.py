"""The question what to change, with its buttons."""

from decimal import Decimal

import pytest

from handlers.edit import screens
from services.domain.vocabulary import Language
from services.editing.changes import groups
from services.editing.service import EditOffer
from tests.handlers.buttons import LONGEST_ID, assert_every_button_works, markup
from tests.handlers.samples import EN, RU
from tests.values import a_picture
from texts.reader import NO_PRICE, Texts


def an_offer(stars: int = 0) -> EditOffer:
    return EditOffer(a_picture(id=LONGEST_ID), Decimal("0.024"), stars)


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
def test_every_button_says_and_does_something(t: Texts) -> None:
    assert_every_button_works(markup(screens.ask(t, an_offer())))
    for group in groups():
        assert_every_button_works(screens.one_group(t, an_offer(), group))


def test_who_pays_reads_the_price_and_who_does_not_reads_none() -> None:
    assert "4 ⭐" in screens.ask(EN, an_offer(4)).text.replace("\N{NO-BREAK SPACE}", " ")
    free = Texts(Language.EN, shows_prices=False)
    assert "$" not in screens.ask(free, an_offer()).text


def test_groups_of_one_change_make_it_at_once() -> None:
    keyboard = screens.all_groups(EN, an_offer()).inline_keyboard
    presses = {one.text: one.callback_data or "" for row in keyboard for one in row}
    assert presses["⚫ Black and white"] == f"edit:make:{LONGEST_ID}:mono"
    assert presses["🏙 Background"] == f"edit:open:{LONGEST_ID}:background"


def test_the_price_is_on_what_is_paid_for_alone() -> None:
    labels = [
        one.text for row in screens.all_groups(EN, an_offer(4)).inline_keyboard for one in row
    ]
    assert "🏙 Background" in labels
    assert "✨ Retouch · 4\N{NO-BREAK SPACE}⭐" in labels


@pytest.mark.parametrize("language", Language)
def test_vary_and_change_ask_for_different_things(language: Language) -> None:
    t = Texts(language)
    vary, change = t("ask-variation"), t("ask-change", price=NO_PRICE)
    assert vary.splitlines()[0] != change.splitlines()[0]
