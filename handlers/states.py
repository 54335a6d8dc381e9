"""The states of the dialogues."""

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


class GenerateForm(StatesGroup):
    """The questions of /generate."""

    model = State()
    prompt = State()
    variation = State()


class ModelForm(StatesGroup):
    """The question of a model's card."""

    name = State()


class GalleryForm(StatesGroup):
    """The question of the gallery."""

    words = State()


def state_label(state: str | None) -> str:
    """Give a state's name in a form that callback data can carry: `TrainForm-name`."""
    return (state or "").replace(":", "-")
