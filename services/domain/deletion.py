"""A deletion that is under way: what is left to be done for it, and what its user is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.domain.clock import now
from services.domain.values import Placed
from services.domain.vocabulary import Language

REQUEST_DAYS = 30
"""After how many days fal deletes the words of a request, and of its answer."""


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


class PayloadEnd(StrEnum):
    """What became of what fal kept of a request: its input, its output and the files it made."""

    ERASED = "erased"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedPayload:
    """What fal keeps of a request of a deleted row, to be deleted there, too.

    With a `status_url` its job may still make something, so it is deleted when that has ended.
    """

    request_id: str
    status_url: str | None = None
    tries: int = 0
    end: PayloadEnd | None = None


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
    `models`, `pictures` and `photos` are how many were deleted here, `requests` how many for them
    had reached fal. `erases` says that these are deleted at fal, too, and `told_erasing` that the
    message calls some of them under way; without a message, that it was told what stays there.
    `in_groups` is how many of the pictures were sent into groups, where they stay. `cancels` says
    that a subscription is cancelled.
    """

    id: str
    user_id: int
    language: Language
    receipt_message_id: int | None = None
    told_under_way: int = 0
    models: int = 0
    pictures: int = 0
    photos: int = 0
    requests: int = 0
    in_groups: int = 0
    erases: bool = False
    told_erasing: bool = False
    cancels: bool = False
    created_at: datetime = field(default_factory=now)

    @property
    def requests_until(self) -> date:
        """Until when fal keeps requests of it at the latest."""
        return self.created_at.date() + timedelta(days=REQUEST_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a deletion has come to.

    `under_way` jobs at fal are being stopped, and `not_stopped` could not be. `erasing` requests
    are being deleted there, `erased` are, and `left` are not.
    """

    under_way: int = 0
    not_stopped: int = 0
    erasing: int = 0
    erased: int = 0
    left: int = 0
