"""The presses about Stars."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.credits import callbacks
from handlers.credits.callbacks import (
    AllowSubscription,
    BuyPack,
    CancelSubscription,
    GiftPack,
    ReceiptsFile,
    ShowReceipts,
    Subscribe,
    TakeGiftBack,
)
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    BuyPack(stars=999_999),
    ShowReceipts(before=10**12),
    ReceiptsFile(),
    GiftPack(stars=999_999),
    Subscribe(),
    CancelSubscription(id=LONGEST_ID),
    AllowSubscription(id=LONGEST_ID),
    TakeGiftBack(code="A" * 20),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
