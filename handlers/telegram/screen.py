"""A screen: what one message shows."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardMarkup


@dataclass(frozen=True)
class Screen:
    """A message: HTML text and inline keyboard.

    With a `photo`, a Telegram file id, the text is its caption.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    photo: str | None = None
