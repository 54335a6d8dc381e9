"""Codes that bring credits."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.domain.clock import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Promo:
    """A code that brings `credits` to each of at most `uses` users, until it expires."""

    code: str
    credits: int
    uses: int
    used: int = 0
    expires_at: datetime
    created_at: datetime = field(default_factory=now)

    @property
    def is_open(self) -> bool:
        """Whether somebody can use it."""
        return self.used < self.uses and now() < self.expires_at


class GiftState(StrEnum):
    """What became of a gift: it waits, somebody has it, or who gave it has it back."""

    OPEN = "open"
    REDEEMED = "redeemed"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Bought credits that a user passes on by a link; `code` is random."""

    code: str
    wallet_id: int
    amount: int
    state: GiftState = GiftState.OPEN
    redeemed_by: int | None = None
    created_at: datetime = field(default_factory=now)
