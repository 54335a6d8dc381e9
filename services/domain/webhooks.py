"""The words of messages that a user's own program is sent: an address, and what is on its way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.domain.clock import now


class WebhookEvent(StrEnum):
    """What a program is told of: each end of a paid job."""

    TRAINING_COMPLETED = "training.completed"
    TRAINING_FAILED = "training.failed"
    TRAINING_CANCELLED = "training.cancelled"
    GENERATION_COMPLETED = "generation.completed"
    GENERATION_FAILED = "generation.failed"
    ENLARGEMENT_COMPLETED = "enlargement.completed"
    ENLARGEMENT_FAILED = "enlargement.failed"


TEST = "webhook.test"
"""What is sent for the asking, to try an address."""


class AddressNews(StrEnum):
    """What the user is told of the address itself, in the chat."""

    SET = "set"
    GONE = "gone"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """The address of a user's program.

    `secret` signs; so does `old_secret` until `old_until`, while the user changes one for the
    other. `changed_at` is since when it is this address, `delivered_at` when it last took a
    message.
    """

    user_id: int
    url: str = field(repr=False)
    secret: str = field(repr=False)
    old_secret: str | None = field(default=None, repr=False)
    old_until: datetime | None = None
    delivered_at: datetime | None = None
    changed_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """One message until it has arrived, or is given up.

    `type` is a `WebhookEvent`, for the program, or `AddressNews`, for the chat. `tries` is how
    often it was sent, `next_at` when that is done again.
    """

    id: str
    user_id: int
    type: str
    data: Mapping[str, Any]
    tries: int = 0
    next_at: datetime = field(default_factory=now)
    created_at: datetime = field(default_factory=now)
