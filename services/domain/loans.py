"""Models that are lent: to one person, for a time or a number of pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.domain.clock import now
from services.domain.values import Model

OFFERED_FOR = timedelta(days=7)
"""How long an invitation waits for somebody to accept it."""


class LoanState(StrEnum):
    """What became of a loan: its owner takes it back, its borrower declines or returns it."""

    OFFERED = "offered"
    LENT = "lent"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"


class LoanTerm(StrEnum):
    """For how long a model can be lent."""

    PICTURES = "10p"
    DAY = "1d"
    WEEK = "7d"
    MONTH = "30d"

    @property
    def pictures(self) -> int | None:
        """How many pictures; None where a time is the limit."""
        return int(self[:-1]) if self.endswith("p") else None

    @property
    def days(self) -> int | None:
        """How many days, from when it is accepted; None where pictures are the limit."""
        return int(self[:-1]) if self.endswith("d") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """A model lent, or offered by a link that carries `code`, which is random.

    The limit is a number of `pictures`, or `days` from when it is accepted, until `ends_at`.
    `active` says that its borrower generates with it now; `allows_others`, that its invitation
    lets the person be in one picture with somebody else.
    """

    id: str
    model_id: str
    code: str
    pictures: int | None = None
    days: int | None = None
    state: LoanState = LoanState.OFFERED
    borrower_id: int | None = None
    active: bool = False
    allows_others: bool = False
    offered_until: datetime = field(default_factory=lambda: now() + OFFERED_FOR)
    ends_at: datetime | None = None
    created_at: datetime = field(default_factory=now)

    @property
    def is_offered(self) -> bool:
        """Whether somebody can still accept it."""
        return self.state is LoanState.OFFERED and now() < self.offered_until

    @property
    def is_open(self) -> bool:
        """Whether it is lent and its time is not over; pictures may be used up."""
        return self.state is LoanState.LENT and (self.ends_at is None or now() < self.ends_at)

    @property
    def is_standing(self) -> bool:
        """Whether it is lent or offered."""
        return self.is_offered or self.is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanUse:
    """Pictures that a generation holds of a loan while it is made, and has used in the end."""

    generation_id: str
    loan_id: str
    pictures: int
    created_at: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class ListedUse:
    """A use as the owner sees it; no prompt where its generation was deleted."""

    pictures: int
    at: datetime
    prompt: str | None


@dataclass(frozen=True, slots=True)
class Borrowed:
    """A loan with its model, and how many pictures have been used or are being made."""

    loan: Loan
    model: Model
    used: int

    @property
    def left(self) -> int | None:
        """How many pictures are left; None where a time is the limit."""
        return None if self.loan.pictures is None else max(0, self.loan.pictures - self.used)

    @property
    def is_usable(self) -> bool:
        """Whether a picture can be ordered with it."""
        return self.loan.is_open and self.left != 0


class LoanEvent(StrEnum):
    """What the other one of a loan is told of."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanNews:
    """What a user has to be told of a loan, until they have been told."""

    id: str
    user_id: int
    kind: LoanEvent
    words: Mapping[str, Any]
    created_at: datetime = field(default_factory=now)
