"""The state of /redeem."""

from aiogram.fsm.state import State, StatesGroup


class RedeemForm(StatesGroup):
    """The question which code is used."""

    code = State()


EXPECTATIONS = {RedeemForm.code: "expects-code"}
"""The sentence that says what it waits for."""
