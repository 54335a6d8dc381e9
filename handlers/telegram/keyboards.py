"""The inline keyboards and buttons that all dialogues share."""

from collections.abc import Sequence

from aiogram.fsm.state import State
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.telegram.callbacks import (
    Contact,
    Go,
    LookAgain,
    Menu,
    MenuItem,
    OpenPanel,
    Way,
)
from handlers.telegram.states import state_label
from services.users.service import WorksNow
from texts.reader import Texts


def button(text: str, data: str) -> InlineKeyboardButton:
    """Return a button that carries packed callback data."""
    return InlineKeyboardButton(text=text, callback_data=data)


def keyboard_of(*rows: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Return a keyboard of rows of buttons."""
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows])


def look_again_button(t: Texts, kind: str, row_id: str) -> InlineKeyboardButton:
    """Return the button that asks fal again for a job that was given up."""
    return button(t.plain("look-again"), LookAgain(kind=kind, row_id=row_id).pack())


def contact_button(t: Texts, code: str | None = None) -> InlineKeyboardButton:
    """Return the button that leads to the operator; `code` is that of an error."""
    return button(t.plain("support-contact"), Contact(code=code).pack())


def back_and_cancel_row(t: Texts, at: State) -> list[InlineKeyboardButton]:
    """Return Back and Cancel for the question `at`."""
    return [
        button(t.plain(way.value), Go(way=way, at=state_label(at.state)).pack()) for way in Way
    ]


def menu_button(t: Texts, item: MenuItem) -> InlineKeyboardButton:
    """Return a button that leads to one of the main places."""
    return button(t.plain(f"menu-{item.value}"), Menu(item=item).pack())


def main_menu(t: Texts, works_now: WorksNow) -> InlineKeyboardMarkup:
    """Return the buttons of the start message: what leads somewhere now, the likeliest first."""
    training = MenuItem.STATUS if works_now.has_training else MenuItem.TRAIN
    rows = [[MenuItem.PRESETS]]
    if works_now.has_pictures:
        rows = [[MenuItem.PRESETS, MenuItem.GALLERY]]
    if works_now.has_model:
        rows = [[MenuItem.GENERATE], *rows, [MenuItem.MODELS], [training]]
    else:
        # While a model is being made, its photos are not in a draft any more.
        can_try = works_now.can_try and not works_now.has_training
        first = [[MenuItem.TRY]] if can_try else []
        rows = [*first, [training], *rows]
    balance = [MenuItem.BALANCE] if works_now.has_balance else []
    rows += [[MenuItem.SETTINGS, MenuItem.HELP], [*balance, MenuItem.LANGUAGE]]
    return keyboard_of(*([menu_button(t, item) for item in row] for row in rows))


def train_button(t: Texts) -> InlineKeyboardMarkup:
    """Return the one button that leads to a training."""
    return keyboard_of([menu_button(t, MenuItem.TRAIN)])


def back_and_cancel(t: Texts, at: State) -> InlineKeyboardMarkup:
    """Return Back and Cancel alone, for the question `at`."""
    return keyboard_of(back_and_cancel_row(t, at))


def options_button(t: Texts, generation_id: str | None = None) -> InlineKeyboardButton:
    """Return the button that opens the panel, for a result if there is one."""
    return button(t.plain("panel-open"), OpenPanel(generation_id=generation_id).pack())
