"""What is true of every button: it fits, comes back as it was, and says something."""

from types import ModuleType

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from handlers.telegram.screen import Screen
from services.domain.values import Model
from tests.values import a_model

DATA_LIMIT = 64
"""Bytes of callback data that Telegram takes (core.telegram.org/bots/api#inlinekeyboardbutton)."""

COPY_LIMIT = 256
"""Signs of a text to copy (core.telegram.org/bots/api#copytextbutton)."""

LONGEST_ID = "-_AZaz09-_AZ"
LONG_NAME = "W" * 40


def a_long_model(name: str = LONG_NAME, *, active: bool = False) -> Model:
    return a_model(id=LONGEST_ID, name=name, trigger_word="W" * 48, active=active)


def markup(screen: Screen) -> InlineKeyboardMarkup:
    assert screen.keyboard is not None
    return screen.keyboard


def kinds_in(module: ModuleType) -> set[type[CallbackData]]:
    """Return the kinds of presses that a module defines."""
    return {kind for kind in CallbackData.__subclasses__() if kind.__module__ == module.__name__}


def assert_comes_back(press: CallbackData) -> None:
    packed = press.pack()
    assert len(packed.encode()) <= DATA_LIMIT
    assert type(press).unpack(packed) == press


def assert_every_button_works(keyboard: InlineKeyboardMarkup) -> None:
    rows = keyboard.inline_keyboard
    assert all(rows)
    for button in (button for row in rows for button in row):
        assert 1 <= len(button.text.strip()) <= 64
        if button.callback_data is not None:
            assert len(button.callback_data.encode()) <= DATA_LIMIT
        else:
            assert button.copy_text is not None
            assert 1 <= len(button.copy_text.text) <= COPY_LIMIT
