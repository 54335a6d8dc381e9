"""The state of Change…."""

from aiogram.fsm.state import State, StatesGroup


class EditForm(StatesGroup):
    """The question of what to change."""

    words = State()


EXPECTATIONS = {EditForm.words: "expects-change"}
"""The sentence that says what it waits for."""
