"""Credits that are bought each month, until somebody cancels it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.clock import now

PERIOD = timedelta(seconds=2_592_000)
"""The only period that Telegram takes (core.telegram.org/bots/api#createinvoicelink)."""

MOST_STARS = 10_000
"""Telegram takes no more for a month."""

GRACE = timedelta(days=3)
"""A renewal may come so long before or after the end of the month that was paid."""


class SubscriptionState(StrEnum):
    """Whether a subscription is renewed at the end of the month that was paid."""

    ACTIVE = "active"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Wish(StrEnum):
    """What Telegram has still to be asked for."""

    CANCEL = "cancel"
    ALLOW = "allow"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """`stars` each month for as many credits and a bonus.

    `charge_id` is that of the first payment, by which Telegram knows it. Once `is_ours`, the bot
    has cancelled it, and its user cannot take it up again in Telegram before the bot allows it.
    `changed_at` is when the state was last learned of.
    """

    id: str
    wallet_id: int
    invoice_id: str
    charge_id: str
    stars: int
    bonus: int = 0
    state: SubscriptionState = SubscriptionState.ACTIVE
    wish: Wish | None = None
    is_ours: bool = False
    paid_until: datetime
    changed_at: datetime = field(default_factory=now)
    created_at: datetime = field(default_factory=now)

    @property
    def credits(self) -> int:
        """What each month brings."""
        return self.stars + self.bonus

    @property
    def is_running(self) -> bool:
        """Whether the month that was paid is not over, or may be renewed still."""
        if self.state is SubscriptionState.ACTIVE:
            return self.paid_until + GRACE > now()
        return self.paid_until > now()

    @property
    def renews(self) -> bool:
        """Whether Telegram will take the next payment."""
        return self.state is SubscriptionState.ACTIVE and self.is_running
