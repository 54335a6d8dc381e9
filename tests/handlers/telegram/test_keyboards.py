"""The menu, and the buttons that many features show."""

from collections.abc import Callable

import pytest
from aiogram.types import InlineKeyboardMarkup

from handlers.telegram.callbacks import Menu
from handlers.telegram.keyboards import main_menu, train_button
from services.users.service import WorksNow
from tests.handlers.buttons import assert_every_button_works
from tests.handlers.samples import EN, RU
from texts.reader import Texts

KEYBOARDS: dict[str, Callable[[Texts], InlineKeyboardMarkup]] = {
    "main_menu": lambda t: main_menu(t, WorksNow()),
    "main_menu_that_tries": lambda t: main_menu(t, WorksNow(can_try=True)),
    "main_menu_in_training": lambda t: main_menu(t, WorksNow(has_training=True, can_try=True)),
    "main_menu_of_an_owner": lambda t: main_menu(t, WorksNow(has_model=True, has_pictures=True)),
    "main_menu_of_a_payer": lambda t: main_menu(t, WorksNow(has_balance=True)),
    "train_button": train_button,
}


@pytest.mark.parametrize("t", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("case", KEYBOARDS)
def test_every_button_says_and_does_something(t: Texts, case: str) -> None:
    assert_every_button_works(KEYBOARDS[case](t))


def places(works_now: WorksNow) -> list[str]:
    rows = main_menu(EN, works_now).inline_keyboard
    return [Menu.unpack(button.callback_data or "").item.value for row in rows for button in row]


ALWAYS = ["settings", "help", "language"]


@pytest.mark.parametrize(
    ("works_now", "leads_to"),
    [
        (WorksNow(), ["train", "presets"]),
        (WorksNow(has_training=True), ["status", "presets"]),
        (WorksNow(has_pictures=True), ["train", "presets", "gallery"]),
        (WorksNow(has_model=True), ["generate", "presets", "models", "train"]),
        (
            WorksNow(has_model=True, has_training=True, has_pictures=True),
            ["generate", "presets", "gallery", "models", "status"],
        ),
    ],
)
def test_the_menu_has_only_what_can_work_now(works_now: WorksNow, leads_to: list[str]) -> None:
    assert places(works_now) == [*leads_to, *ALWAYS]
