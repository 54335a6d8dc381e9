"""The states of /generate."""

from aiogram.fsm.state import State, StatesGroup


class GenerateForm(StatesGroup):
    """The questions of /generate."""

    model = State()
    prompt = State()
    variation = State()


EXPECTATIONS = {
    GenerateForm.model: "expects-model",
    GenerateForm.prompt: "expects-prompt",
    GenerateForm.variation: "expects-prompt",
}
"""The sentence that says what each state waits for."""
