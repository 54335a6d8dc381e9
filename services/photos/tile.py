"""The photos of a contact sheet, as values: nothing here needs Pillow."""

from dataclasses import dataclass
from enum import StrEnum

MAX_TILES = 100
"""Ten rows of ten stay within the 2560 px that Telegram leaves of a photo."""
THUMBNAIL_PX = 240
"""Longest side; 20 of them side by side are sharp on a phone."""


class Mark(StrEnum):
    """What the badge on a tile says: the state of its photo, or that it could be better."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True)
class Tile:
    """One photo on the sheet.

    Attributes:
        number: What the user calls it by.
        mark: What its badge says.
        words: What is written below, in the letters of the font; empty for nothing.
        thumbnail: From `services.photos.thumbnail`, or None where there is none.
    """

    number: int
    mark: Mark
    words: str = ""
    thumbnail: bytes | None = None
