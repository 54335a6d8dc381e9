"""The states of /support."""

from aiogram.fsm.state import State, StatesGroup


class SupportForm(StatesGroup):
    """The question what to write to the operator."""

    words = State()


EXPECTATIONS = {
    SupportForm.words: "expects-support",
}
"""The sentence that says what each state waits for."""
