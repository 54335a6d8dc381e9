"""A screen: what one message shows."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardMarkup

from handlers.telegram.own_pictures import OwnPicture


@dataclass(frozen=True)
class Screen:
    """A message: HTML text and inline keyboard.

    With a `photo`, a Telegram file id or a picture of ours, the text is its caption.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    photo: str | OwnPicture | None = None
