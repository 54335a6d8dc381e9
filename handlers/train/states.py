"""The states of /train."""

from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup


class TrainForm(StatesGroup):
    """The questions of /train, in order; `trainer` is asked only where there is a choice."""

    consent = State()
    name = State()
    subject = State()
    photos = State()
    trainer = State()
    mode = State()
    confirm = State()


EXPECTATIONS = {
    TrainForm.consent: "expects-consent",
    TrainForm.name: "expects-name",
    TrainForm.subject: "expects-subject",
    TrainForm.photos: "expects-photos",
    TrainForm.trainer: "expects-trainer",
    TrainForm.mode: "expects-mode",
    TrainForm.confirm: "expects-confirm",
}
"""The sentence that says what each state waits for."""


def at(state: State) -> StateFilter:
    """Return the filter of the buttons of a question.

    They name their draft, so they work as well for a user who is in no dialogue by now.
    """
    return StateFilter(state, None)
