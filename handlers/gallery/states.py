"""The states of /gallery."""

from aiogram.fsm.state import State, StatesGroup


class GalleryForm(StatesGroup):
    """The question of the gallery."""

    words = State()


EXPECTATIONS = {
    GalleryForm.words: "expects-search",
}
"""The sentence that says what each state waits for."""
