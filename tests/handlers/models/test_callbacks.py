"""The presses about loans."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.models import callbacks
from handlers.models.callbacks import Lend, LoanAction, LoanButton
from services.domain.loans import LoanTerm
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    Lend(model_id=LONGEST_ID),
    *(Lend(model_id=LONGEST_ID, term=term) for term in LoanTerm),
    *(LoanButton(loan_id=LONGEST_ID, action=action) for action in LoanAction),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
