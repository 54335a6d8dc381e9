"""A copy of all that is a user's: what goes into it, and how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.domain.clock import now
from services.domain.values import Placed


class ExportState(StrEnum):
    """How a copy stands; all but the first are its end."""

    WORKING = "working"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ItemKind(StrEnum):
    """What a file of a copy is."""

    PHOTO = "photo"
    PICTURE = "picture"
    ENLARGED = "enlarged"
    WEIGHTS = "weights"
    CONFIG = "config"


class ItemProblem(StrEnum):
    """Why a file is not in a copy as it should be.

    `GONE` and `UNAVAILABLE` are not in it: nobody has the file any more, or nobody gave it after
    several tries. `SMALLER` is in it as Telegram shows it, as nobody has the original. `TOO_LARGE`
    is there as an address.
    """

    GONE = "gone"
    UNAVAILABLE = "unavailable"
    SMALLER = "smaller"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export(Placed):
    """A copy of a user's data, sent in parts; `message_id` is the message of its progress.

    `items` is how many files there are, `gathered` how many have been seen to and `parts` how many
    parts have been sent. It is settled when its end is shown.
    """

    id: str
    user_id: int
    state: ExportState = ExportState.WORKING
    message_id: int | None = None
    items: int = 0
    gathered: int = 0
    parts: int = 0
    ended_at: datetime | None = None
    settled_at: datetime | None = None
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportItem:
    """One file of a copy: what it is of, its path in the copy, and the part that has it.

    `path` has no ending before the file was fetched. `tries` counts how often that failed.
    """

    number: int
    kind: ItemKind
    of_id: str
    path: str
    part: int | None = None
    problem: ItemProblem | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What README tells of a copy.

    `counts` are the files in it, by kind. `links` are the addresses of those that are too large
    for a message by their paths, None where nobody has them any more; `links_last_days` is how
    long these work, None where nobody knows. `missing` are the others.
    """

    user_id: int
    made_at: datetime
    counts: Mapping[ItemKind, int]
    links: Mapping[str, str]
    links_last_days: int | None
    missing: Sequence[ExportItem]
    has_receipts: bool
