"""Copies of fal's files in the operator's own store."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CopyKind(StrEnum):
    """What a file is."""

    WEIGHTS = "weights"
    CONFIG = "config"
    ORIGINAL = "original"
    ENLARGED = "enlarged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One file: fal's address, the key in the store, and what is known of the copy.

    `of_id` is the id of the model, picture or enlargement. A file that fal no longer had has
    `lost_at`.
    """

    id: str
    kind: CopyKind
    of_id: str
    user_id: int
    url: str
    key: str
    size: int | None = None
    sha256: str | None = None
    copied_at: datetime | None = None
    lost_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.copied_at is None and self.lost_at is None
