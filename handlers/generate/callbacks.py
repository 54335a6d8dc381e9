"""What the buttons of the panel carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from services.domain.vocabulary import Missing, PictureOption


# A shape such as 9:16 holds the usual separator.
class PanelChoice(CallbackData, prefix="opt", sep="|"):
    """One value on the panel; `asks` when it stands under the question for the prompt."""

    option: PictureOption
    value: str
    asks: bool
    generation_id: str | None = None


class SecondAction(StrEnum):
    """What is done about a second person: who can be one is shown, one is chosen, or nobody is."""

    LIST = "list"
    ADD = "add"
    LEAVE = "leave"
    BACK = "back"


class SecondPerson(CallbackData, prefix="second"):
    """A button of the panel about a second person in the pictures; `asks` as in `PanelChoice`."""

    action: SecondAction
    asks: bool
    second_id: str | None = None


class MakeAgain(CallbackData, prefix="make"):
    """The prompt of a result with the choices of the panel under it."""

    generation_id: str


class ImproveAction(StrEnum):
    """What is done about a richer version of a prompt."""

    ASK = "ask"
    TAKE = "take"
    LEAVE = "leave"


class Improve(CallbackData, prefix="better"):
    """A button about a richer version of the prompt of a result, or of the text in a message."""

    action: ImproveAction
    generation_id: str | None = None
    message_id: int | None = None


class Lacks(CallbackData, prefix="lack"):
    """What was missing in a picture that was not liked."""

    missing: Missing
    picture_id: str


class OfferAction(StrEnum):
    """The answers to the offer to make a picture of a text."""

    MAKE = "make"
    LEAVE = "leave"


class OfferedPrompt(CallbackData, prefix="offer"):
    """A button under the offer to make a picture of the text in a message."""

    action: OfferAction
    message_id: int
