"""The states of the console."""

from aiogram.fsm.state import State, StatesGroup


class ConsoleForm(StatesGroup):
    """The questions of the console.

    What to answer a user, whom to find, why to do something, and what to tell many.
    """

    answer = State()
    find = State()
    reason = State()
    broadcast = State()


EXPECTATIONS = {
    ConsoleForm.answer: "expects-console-answer",
    ConsoleForm.find: "expects-console-find",
    ConsoleForm.reason: "expects-console-reason",
    ConsoleForm.broadcast: "expects-console-broadcast",
}
"""The sentence that says what each state waits for."""
