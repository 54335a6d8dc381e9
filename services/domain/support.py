"""What users and the operator write to each other: threads and their messages."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.domain.clock import now
from services.domain.values import Placed


class Attachment(StrEnum):
    """What a message brings beside its words."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody wrote.

    `origin` tells the message from every other. `file_id` is Telegram's reference to what is
    attached, `album` what the messages of one album share, `code` that of an error that led here.
    """

    origin: str
    text: str | None = None
    attachment: Attachment | None = None
    file_id: str | None = None
    album: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportThread(Placed):
    """All that one user and the operator wrote to each other.

    `is_waiting` says that the user has written last. It is placed where they did.
    """

    id: str
    user_id: int
    is_waiting: bool = False
    closed_at: datetime | None = None
    written_at: datetime = field(default_factory=now)
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportMessage:
    """One message of a thread: of the user's, or where there is an `admin_id`, of that admin's.

    `delivered_at` is when all whom it is for had been sent it.
    """

    id: str
    thread_id: str
    origin: str
    admin_id: int | None = None
    text: str | None = None
    attachment: Attachment | None = None
    file_id: str | None = None
    album: str | None = None
    code: str | None = None
    delivered_at: datetime | None = None
    created_at: datetime = field(default_factory=now)
