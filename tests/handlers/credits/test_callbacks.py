"""The presses about Stars."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.credits import callbacks
from handlers.credits.callbacks import BuyPack, ReceiptsFile, ShowReceipts
from tests.handlers.buttons import assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    BuyPack(stars=999_999),
    ShowReceipts(before=10**12),
    ReceiptsFile(),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
