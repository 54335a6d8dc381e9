"""The presses of settings, keys, help and privacy."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.account import callbacks
from handlers.account.callbacks import (
    ChooseLanguage,
    ExportAction,
    ExportButton,
    ForgetMe,
    Help,
    HelpTopic,
    KeyAction,
    KeyButton,
    LimitKey,
    MakeKey,
    Want,
)
from services.domain.api_keys import KeyScope
from services.domain.vocabulary import Language
from services.users.service import Wish
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    *(ChooseLanguage(language=language) for language in Language),
    *(ForgetMe(sure=sure) for sure in (True, False)),
    *(Want(wish=wish, on=on) for wish in Wish for on in (True, False)),
    *(MakeKey(scope=scope) for scope in KeyScope),
    LimitKey(key_id=LONGEST_ID, daily_pictures=200),
    *(KeyButton(action=action) for action in KeyAction),
    *(ExportButton(action=action, export_id=LONGEST_ID) for action in ExportAction),
    ExportButton(action=ExportAction.START),
    Help(),
    *(Help(topic=topic) for topic in HelpTopic),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
