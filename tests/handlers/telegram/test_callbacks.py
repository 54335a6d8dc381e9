"""The presses that lead from one feature into another."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.routing import EXPECTATIONS
from handlers.telegram import callbacks
from handlers.telegram.callbacks import (
    Contact,
    Go,
    GroupsAction,
    GroupsButton,
    LookAgain,
    Menu,
    MenuItem,
    ModelAction,
    ModelButton,
    OpenPanel,
    OpenThread,
    PictureAction,
    PictureButton,
    ResultAction,
    ResultButton,
    TryAction,
    TryButton,
    UseModel,
    Way,
)
from handlers.telegram.states import state_label
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    *(Menu(item=item) for item in MenuItem),
    *(Go(way=way, at=state_label(state.state)) for way in Way for state in EXPECTATIONS),
    *(UseModel(model_id=LONGEST_ID, then_prompt=then) for then in (True, False)),
    *(
        LookAgain(kind=kind, row_id=LONGEST_ID)
        for kind in ("training", "generation", "enlargement")
    ),
    *(GroupsButton(action=action) for action in GroupsAction),
    *(ModelButton(model_id=LONGEST_ID, action=action) for action in ModelAction),
    Contact(),
    Contact(code="a1b2c3"),
    OpenThread(thread_id=LONGEST_ID, page=999, is_new=True),
    OpenPanel(),
    OpenPanel(generation_id=LONGEST_ID),
    *(ResultButton(action=action, generation_id=LONGEST_ID) for action in ResultAction),
    *(PictureButton(action=action, picture_id=LONGEST_ID) for action in PictureAction),
    *(
        TryButton(action=action, photo_id=2**31, style="s" * 24, model="nano-banana")
        for action in TryAction
    ),
    TryButton(action=TryAction.SHOW),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
