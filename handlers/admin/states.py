"""The states of the console."""

from aiogram.fsm.state import State, StatesGroup


class ConsoleForm(StatesGroup):
    """The questions of the console."""

    answer = State()


EXPECTATIONS = {
    ConsoleForm.answer: "expects-console-answer",
}
"""The sentence that says what each state waits for."""
