"""The states of the console."""

from aiogram.fsm.state import State, StatesGroup


class ConsoleForm(StatesGroup):
    """The questions of the console.

    What to answer a user, whom to find, why to do something, what to tell many, how much to give,
    and why to give something back.
    """

    answer = State()
    find = State()
    reason = State()
    broadcast = State()
    grant = State()
    refund = State()


EXPECTATIONS = {
    ConsoleForm.answer: "expects-console-answer",
    ConsoleForm.find: "expects-console-find",
    ConsoleForm.reason: "expects-console-reason",
    ConsoleForm.broadcast: "expects-console-broadcast",
    ConsoleForm.grant: "expects-console-grant",
    ConsoleForm.refund: "expects-console-reason",
}
"""The sentence that says what each state waits for."""
