"""Buttons of the language, of settings, help and privacy."""

from collections.abc import Callable

import pytest
from aiogram.types import InlineKeyboardMarkup

from handlers.account import help_screens, keyboards, settings_screens
from handlers.account.callbacks import HelpTopic
from services.domain.values import User
from services.domain.vocabulary import Language
from tests.handlers.buttons import assert_every_button_works, markup
from tests.handlers.samples import EN, OFFERS, RU, RULES
from texts.reader import Texts

KEYBOARDS: dict[str, Callable[[Texts], InlineKeyboardMarkup]] = {
    "languages": keyboards.languages,
    "forget_me": keyboards.forget_me,
    "export_me": keyboards.export_me,
    "settings": lambda t: markup(settings_screens.settings(t, a_user())),
    "help": lambda t: markup(help_screens.first_page(t, RULES)),
    "help_page": lambda t: markup(help_screens.page(t, HelpTopic.PRICE, RULES, OFFERS.all())),
}


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("case", KEYBOARDS)
def test_every_button_says_and_does_something(t: Texts, case: str) -> None:
    assert_every_button_works(KEYBOARDS[case](t))


def a_user() -> User:
    return User(id=1, language=Language.EN, wants_preview=True, wants_reminders=False)
