"""What is asked of Telegram about Stars: implemented by the handlers, which know Telegram."""

from collections.abc import Sequence
from typing import Protocol

from services.domain.credits import FoundIn, Payment, RefundedBy, StatementLine, Wallet


class StarsUnavailable(Exception):
    """Telegram gave no answer; what was asked for may have been done, or not."""


class StarsRefused(Exception):
    """Telegram will not do it, now or later."""


class StarsGateway(Protocol):
    """Stars at Telegram."""

    async def refund(self, user_id: int, charge_id: str) -> None:
        """Give a payment back; one that was given back already is done.

        Raises:
            StarsUnavailable: Ask again.
            StarsRefused: It is not given back.
        """
        ...

    async def statement(self, offset: int, limit: int) -> Sequence[StatementLine]:
        """Return lines of the statement, oldest first, at most 100.

        Raises:
            StarsUnavailable: Ask again.
        """
        ...


class PaymentNews(Protocol):
    """Tells users of what has come and gone. Never fails."""

    async def paid(self, user_id: int, payment: Payment, found_in: FoundIn) -> None:
        """Say that a payment has come, and go on with what it was for."""
        ...

    async def given_back(
        self, user_id: int, payment: Payment, by: RefundedBy, wallet: Wallet
    ) -> None:
        """Say that a payment was given back, and what is owed."""
        ...
