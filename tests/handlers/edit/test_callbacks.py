"""The presses of Change…."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.edit import callbacks
from handlers.edit.callbacks import ChangeAction, ChangeButton
from services.editing.changes import Named, groups
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

NAMED: list[Named] = [one for group in groups() for one in (group, *group.changes)]
LONGEST = max((one.id for one in NAMED), key=len)
PRESSES: list[CallbackData] = [
    ChangeButton(action=action, picture_id=LONGEST_ID, item=LONGEST) for action in ChangeAction
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
