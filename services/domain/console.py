"""What admins do at their console."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.domain.clock import now


class Deed(StrEnum):
    """The actions that are logged."""

    REPLY = "reply"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Who did what, when, on whom and why.

    `user_id` is whom it concerned, if anybody; `of_id` the row that it was about, such as a
    training.
    """

    admin_id: int
    deed: str
    user_id: int | None = None
    of_id: str | None = None
    reason: str | None = None
    done_at: datetime = field(default_factory=now)
