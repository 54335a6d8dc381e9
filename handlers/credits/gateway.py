"""Asks Telegram about Stars; implements `services.money.stars.StarsGateway`."""

from collections.abc import Sequence

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest
from aiogram.types import StarTransaction, TransactionPartnerUser

from services.domain.clock import UTC
from services.domain.credits import StatementLine
from services.money.stars import StarsRefused, StarsUnavailable

ALREADY = "CHARGE_ALREADY_REFUNDED"
"""It was given back already; Telegram has been seen to answer so to the very first request, too
(tdlib/telegram-bot-api, issue 690)."""

OF_INVOICES = "invoice_payment"


class TelegramStars:
    """Stars of the bot."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def refund(self, user_id: int, charge_id: str) -> None:
        """See `StarsGateway.refund`."""
        try:
            await self._bot.refund_star_payment(user_id, charge_id)
        except TelegramBadRequest as error:
            if ALREADY not in error.message:
                raise StarsRefused(error.message) from error
        except (AiogramError, TimeoutError) as error:
            raise StarsUnavailable(type(error).__name__) from error

    async def edit_subscription(self, user_id: int, charge_id: str, *, is_cancelled: bool) -> None:
        """See `StarsGateway.edit_subscription`."""
        try:
            await self._bot.edit_user_star_subscription(
                user_id, charge_id, is_canceled=is_cancelled
            )
        except TelegramBadRequest as error:
            raise StarsRefused(error.message) from error
        except (AiogramError, TimeoutError) as error:
            raise StarsUnavailable(type(error).__name__) from error

    async def statement(self, offset: int, limit: int) -> Sequence[StatementLine]:
        """See `StarsGateway.statement`."""
        try:
            found = await self._bot.get_star_transactions(offset=offset, limit=limit)
        except (AiogramError, TimeoutError) as error:
            raise StarsUnavailable(type(error).__name__) from error
        return [_line(one) for one in found.transactions]


def _line(one: StarTransaction) -> StatementLine:
    partner = one.source or one.receiver
    user = partner if isinstance(partner, TransactionPartnerUser) else None
    kind = user.transaction_type if user is not None else ""
    return StatementLine(
        id=one.id,
        is_incoming=one.source is not None,
        is_payment=kind == OF_INVOICES,
        stars=one.amount,
        date=one.date.astimezone(UTC),
        user_id=user.user.id if user is not None else None,
        payload=(user.invoice_payload or "") if user is not None else "",
        has_affiliate=user is not None and user.affiliate is not None,
    )
