"""The presses of the gallery."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.gallery import callbacks
from handlers.gallery.callbacks import GalleryAction, GalleryButton
from tests.handlers.buttons import LONGEST_ID, assert_comes_back, kinds_in

PRESSES: list[CallbackData] = [
    *(
        GalleryButton(
            action=action,
            generation_id=LONGEST_ID,
            position=99,
            model_id=LONGEST_ID,
            only_favourites=True,
            search_id=LONGEST_ID,
        )
        for action in GalleryAction
    ),
    GalleryButton(action=GalleryAction.SHOW),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
