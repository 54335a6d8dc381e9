"""The presses of the console."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.admin import callbacks
from handlers.admin.callbacks import ThreadAction, ThreadButton, ThreadsButton
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    *(ThreadButton(action=one, thread_id=LONGEST_ID, page=999) for one in ThreadAction),
    ThreadsButton(is_open=False, page=999),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
