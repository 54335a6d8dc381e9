"""The presses of the console."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.admin import callbacks
from handlers.admin.callbacks import (
    AccountButton,
    BroadcastAction,
    BroadcastButton,
    ConsoleButton,
    ConsolePlace,
    JobButton,
    MovementsButton,
    PersonButton,
    PromoButton,
    RepairsButton,
    ThreadAction,
    ThreadButton,
    ThreadsButton,
)
from services.domain.broadcasts import Audience
from services.domain.console import Deed
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    *(ThreadButton(action=one, thread_id=LONGEST_ID, page=999) for one in ThreadAction),
    ThreadsButton(is_open=False, page=999),
    *(ConsoleButton(place=one) for one in ConsolePlace),
    *(JobButton(kind="enlargement", job_id=LONGEST_ID, deed=one) for one in Deed),
    JobButton(kind="enlargement", job_id=LONGEST_ID),
    *(PersonButton(user_id=2**52, deed=one) for one in Deed),
    PersonButton(user_id=2**52),
    *(
        BroadcastButton(action=BroadcastAction.SEND, broadcast_id=LONGEST_ID, audience=one)
        for one in Audience
    ),
    BroadcastButton(action=BroadcastAction.NEW),
    PromoButton(code="A" * 32),
    *(RepairsButton(on=one) for one in (True, False)),
    AccountButton(user_id=2**52, deed=Deed.REFUND, mark="0123456789"),
    AccountButton(user_id=2**52),
    MovementsButton(user_id=2**52, before=2**40),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
