"""What the operator tells many users at once."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.domain.clock import now


class Audience(StrEnum):
    """Whom a broadcast is for. Who is kept out by an admin is in none."""

    ALL = "all"
    ENGLISH = "en"
    RUSSIAN = "ru"
    PAYERS = "payers"


class BroadcastState(StrEnum):
    """Where a broadcast stands. A draft has been shown to its admin alone."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Outcome(StrEnum):
    """What became of a message to one user; `FAILED` where nobody knows."""

    DELIVERED = "delivered"
    BLOCKED = "blocked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """A message to many: its HTML words, perhaps a photo, and how far it has come.

    `last_user_id` is whom it went to last, in the order of ids, and `audience_size` how many it
    was for when it began. The sum of the counts is less by those whom a kill has cut off.
    """

    id: str
    admin_id: int
    text: str
    photo_file_id: str | None = None
    state: BroadcastState = BroadcastState.DRAFT
    audience: Audience = Audience.ALL
    audience_size: int = 0
    last_user_id: int = 0
    delivered: int = 0
    blocked: int = 0
    failed: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    told_at: datetime | None = None
    created_at: datetime = field(default_factory=now)
