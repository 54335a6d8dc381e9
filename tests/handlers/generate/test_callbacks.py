"""The presses of the panel, of offered prompts and of results."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.generate import callbacks
from handlers.generate.callbacks import (
    Improve,
    ImproveAction,
    Lacks,
    MakeAgain,
    OfferAction,
    OfferedPrompt,
    PanelChoice,
    SecondAction,
    SecondPerson,
)
from services.domain.vocabulary import Missing, PictureOption, PictureShape
from services.generation.options import SEEDS
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

LONGEST_CHOICES = [
    *((PictureOption.SHAPE, shape.value) for shape in PictureShape),
    (PictureOption.SIZE, "standard"),
    (PictureOption.COUNT, "4"),
    (PictureOption.SCALE, "0.6"),
    (PictureOption.SEED, str(SEEDS[-1])),
    (PictureOption.SEED, ""),
]

PRESSES: list[CallbackData] = [
    *(OfferedPrompt(action=action, message_id=2**52) for action in OfferAction),
    *(
        PanelChoice(option=option, value=value, asks=asks, generation_id=row_id)
        for option, value in LONGEST_CHOICES
        for asks, row_id in ((True, None), (False, LONGEST_ID), (False, None))
    ),
    *(
        SecondPerson(action=action, asks=asks, second_id=row_id)
        for action in SecondAction
        for asks in (True, False)
        for row_id in (None, LONGEST_ID)
    ),
    MakeAgain(generation_id=LONGEST_ID),
    *(Lacks(missing=missing, picture_id=LONGEST_ID) for missing in Missing),
    *(
        Improve(action=action, generation_id=row_id, message_id=message_id)
        for action in ImproveAction
        for row_id, message_id in ((LONGEST_ID, None), (None, 2**52))
    ),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
