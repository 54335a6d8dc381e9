"""A deletion that is under way: what is left to be done for it, and what its user is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.domain.clock import now
from services.domain.values import Placed
from services.domain.vocabulary import Language


class JobEnd(StrEnum):
    """What became of a job at fal whose row was deleted.

    `STOPPED` says that fal has taken the cancel, or that there is nothing to cancel any more.
    """

    STOPPED = "stopped"
    NOT_STOPPED = "not_stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedJob:
    """A paid request of a deleted row that fal has or may have.

    Without a `request_id` it is looked for in fal's history of `endpoint`: `marks` are texts that
    its input holds.
    """

    id: str
    endpoint: str
    marks: Sequence[str]
    submit_started_at: datetime
    request_id: str | None = None
    status_url: str | None = None
    response_url: str | None = None
    cancel_url: str | None = None
    end: JobEnd | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedMessage:
    """A message of the bot that shows what was deleted."""

    chat_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion(Placed):
    """What is still to be done after rows were deleted.

    `receipt_message_id` is the message that tells of it, None where it is told only when
    something could not be done. `told_under_way` is how many jobs that message calls under way.
    """

    id: str
    user_id: int
    language: Language
    receipt_message_id: int | None = None
    told_under_way: int = 0
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a deletion has come to: jobs at fal being stopped, and those that could not be."""

    under_way: int = 0
    not_stopped: int = 0
