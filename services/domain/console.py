"""What admins do at their console."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from services.domain.clock import now
from services.domain.values import User
from services.domain.vocabulary import FailureReason


class Deed(StrEnum):
    """The actions that are logged."""

    REPLY = "reply"
    CLOSE = "close"
    REOPEN = "reopen"
    BLOCK = "block"
    ALLOW = "allow"
    CANCEL = "cancel"
    AGAIN = "again"
    RELEASE = "release"
    BROADCAST = "broadcast"
    BROADCAST_STOP = "broadcast_stop"
    PROMO = "promo"
    PROMO_END = "promo_end"
    MAINTENANCE_ON = "maintenance_on"
    MAINTENANCE_OFF = "maintenance_off"
    GRANT = "grant"
    REFUND = "refund"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Why somebody may not use the bot; by whom and since when."""

    user_id: int
    admin_id: int
    reason: str
    since: datetime = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class TrainerFigures:
    """What was made with one trainer: trainings by their end, and pictures of its models.

    `likeness` is the mean of the `compared` new models, in percent; `good` and `bad` are ratings.
    """

    trainer: str
    started: int = 0
    completed: int = 0
    failed: int = 0
    pictures: int = 0
    likeness: int = 0
    compared: int = 0
    good: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """Stars since some moment: `came` in `payments`, `went` back in `refunds`, taken for orders.

    `spent` counts given credits, too.
    """

    came: int = 0
    payments: int = 0
    went: int = 0
    refunds: int = 0
    spent: int = 0

    @property
    def kept(self) -> int:
        """What came and did not go back."""
        return self.came - self.went


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What happened since some moment.

    `users_active` ordered something or sent photos. `estimated_usd` is by the price list,
    `real_usd` what fal has said of `priced` of all `charges`, and `cost_usd` the real cost where
    it is known and the estimated one elsewhere. `lent` is how many models are lent now.
    """

    users_new: int
    users_active: int
    trainers: Sequence[TrainerFigures]
    enlargements: int
    lent: int = 0
    estimated_usd: Decimal
    real_usd: Decimal
    cost_usd: Decimal
    charges: int
    priced: int
    revenue: Revenue
    failures: Sequence[tuple[FailureReason, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleJob:
    """A paid job as the console sees it: no word of what it makes."""

    kind: str
    id: str
    user_id: int
    state: str
    created_at: datetime
    is_cancelled: bool = False
    failure: FailureReason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCode:
    """The code of an apology, and whom it was said to."""

    code: str
    kind: str
    said_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the console shows of a user: states and counts, nothing that they wrote or made.

    `stars` is what they can spend; None where users pay nothing, and this one never has.
    """

    user: User
    block: Block | None
    trainings: Sequence[tuple[str, int]]
    models: Sequence[tuple[str, int]]
    pictures: int
    trainings_today: int
    images_today: int
    under_way: Sequence[ConsoleJob]
    thread_id: str | None
    codes: Sequence[ErrorCode]
    actions: Sequence[Action]
    stars: int | None = None
