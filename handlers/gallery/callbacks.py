"""What the buttons of /gallery carry."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class GalleryAction(StrEnum):
    """What the buttons of the gallery do.

    Filters have no action of their own: their buttons show the same place in another view.
    """

    SHOW = "show"
    NEWER = "newer"
    OLDER = "older"
    LIKE = "like"
    UNLIKE = "unlike"
    SEND = "send"
    ASK = "ask"
    DELETE = "delete"
    SEARCH = "search"


class GalleryButton(CallbackData, prefix="gal"):
    """A button of the gallery, with the place and the filters that it starts from."""

    action: GalleryAction
    generation_id: str | None = None
    position: int = 1
    model_id: str | None = None
    only_favourites: bool = False
    search_id: str | None = None
