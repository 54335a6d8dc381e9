"""What is asked of Telegram about Stars: implemented by the handlers, which know Telegram."""

from collections.abc import Sequence
from typing import Protocol

from services.domain.credits import Note, StatementLine, Wallet
from services.errors import CreditsMissing


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

    async def edit_subscription(self, user_id: int, charge_id: str, *, is_cancelled: bool) -> None:
        """Cancel a subscription, or let its user take up again what we have cancelled.

        Args:
            user_id: Whose.
            charge_id: Of its first payment.
            is_cancelled: Which of the two.

        Raises:
            StarsUnavailable: Ask again.
            StarsRefused: There is no such subscription.
        """
        ...

    async def statement(self, offset: int, limit: int) -> Sequence[StatementLine]:
        """Return lines of the statement, oldest first, at most 100.

        Raises:
            StarsUnavailable: Ask again.
        """
        ...


class PaymentNews(Protocol):
    """Tells users of what has come and gone."""

    async def tell(
        self, user_id: int, note: Note, wallet: Wallet, *, starts_order: bool = False
    ) -> None:
        """Send what a note says, what the wallet owes now, and whether an order starts with it.

        Raises:
            UserUnreachable: The user has blocked the bot, or the chat is gone.
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...

    async def ask_for_missing(self, user_id: int, error: CreditsMissing) -> None:
        """Send the invoice of what an order lacks still. Never fails."""
        ...
