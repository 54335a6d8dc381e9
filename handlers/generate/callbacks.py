"""What the buttons of the panel carry."""

from aiogram.filters.callback_data import CallbackData

from services.fal.endpoints import PictureOption


# A shape such as 9:16 holds the usual separator.
class PanelChoice(CallbackData, prefix="opt", sep="|"):
    """One value on the panel; `asks` when it stands under the question for the prompt."""

    option: PictureOption
    value: str
    asks: bool
    generation_id: str | None = None


class MakeAnew(CallbackData, prefix="make"):
    """The prompt of a result with the choices of the panel under it."""

    generation_id: str
