"""The states of /models."""

from aiogram.fsm.state import State, StatesGroup


class ModelForm(StatesGroup):
    """The question of a model's card."""

    name = State()


EXPECTATIONS = {
    ModelForm.name: "expects-name",
}
"""The sentence that says what each state waits for."""
