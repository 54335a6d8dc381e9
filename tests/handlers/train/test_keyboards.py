"""Buttons of the questions before a training, and of the training."""

from collections.abc import Callable

import pytest
from aiogram.types import InlineKeyboardMarkup

from handlers.train import keyboards
from handlers.train.callbacks import PhotoAction
from services.domain.vocabulary import QualityMode
from tests.handlers.buttons import (
    LONG_NAME,
    LONGEST_ID,
    a_long_model,
    assert_every_button_works,
)
from tests.handlers.samples import EN, RU
from texts.reader import Texts

KEYBOARDS: dict[str, Callable[[Texts], InlineKeyboardMarkup]] = {
    "consent": keyboards.consent,
    "draft_found": lambda t: keyboards.draft_found(t, LONGEST_ID),
    "name": lambda t: keyboards.name(t, None),
    "known_name": lambda t: keyboards.name(t, LONG_NAME),
    "subjects": lambda t: keyboards.subjects(t, LONGEST_ID),
    "photos": lambda t: keyboards.photo_counter(t, LONGEST_ID, set(PhotoAction), can_try=True),
    "modes": lambda t: keyboards.modes(t, LONGEST_ID, dict.fromkeys(QualityMode, "$2.00")),
    "summary": lambda t: keyboards.summary(t, LONGEST_ID),
    "cancel_training": lambda t: keyboards.cancel_training(t, LONGEST_ID),
    "cancel_or_go_on": lambda t: keyboards.cancel_or_go_on(t, LONGEST_ID),
    "remove_all_or_keep": lambda t: keyboards.remove_all_or_keep(t, LONGEST_ID),
    "try_again": lambda t: keyboards.try_again(t, LONGEST_ID),
    "model_ready": lambda t: keyboards.model_ready(t, a_long_model()),
}


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("case", KEYBOARDS)
def test_every_button_says_and_does_something(t: Texts, case: str) -> None:
    assert_every_button_works(KEYBOARDS[case](t))
