"""What the buttons of a change carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class ChangeAction(StrEnum):
    """Opens a group of changes, goes back to all groups, or makes one change."""

    OPEN = "open"
    ALL = "all"
    MAKE = "make"


class ChangeButton(CallbackData, prefix="edit"):
    """A button under the question what to change; `item` is the id of a group or of a change."""

    action: ChangeAction
    picture_id: str
    item: str = ""
