"""The presses of the presets."""

import pytest
from aiogram.filters.callback_data import CallbackData

from handlers.presets import callbacks
from handlers.presets.callbacks import (
    CreatePack,
    CreatePreset,
    PresetCard,
    PresetCategories,
    PresetPacks,
    PresetShelf,
    SurpriseMe,
)
from tests.handlers.buttons import assert_comes_back, kinds_in

PRESET_ID = "a-9" * 8

PRESSES: list[CallbackData] = [
    PresetCategories(page=999),
    PresetShelf(category_id=PRESET_ID, page=999),
    PresetCard(preset_id=PRESET_ID, page=999),
    PresetPacks(page=999),
    CreatePreset(preset_id=PRESET_ID),
    CreatePack(pack_id=PRESET_ID),
    SurpriseMe(),
]


@pytest.mark.parametrize("press", PRESSES, ids=repr)
def test_a_press_fits_and_comes_back_as_it_was(press: CallbackData) -> None:
    assert_comes_back(press)


def test_every_kind_of_press_is_tested() -> None:
    assert {type(press) for press in PRESSES} == kinds_in(callbacks)
