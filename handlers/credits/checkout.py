"""What Telegram asks and tells of payments."""

import contextlib
from dataclasses import replace
from datetime import datetime

from aiogram import F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import (
    CallbackQuery,
    ErrorEvent,
    Message,
    PreCheckoutQuery,
    RefundedPayment,
    SuccessfulPayment,
)

from handlers.credits.news import TelegramPaymentNews
from handlers.telegram.replies import place_of, release
from services.domain.clock import UTC
from services.domain.values import User
from services.errors import CreditsMissing
from services.money.charges import Charge
from services.paying.service import Paying
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of checkouts, payments and refunds."""
    router = Router(name="checkout")
    router.pre_checkout_query.register(check_out)
    router.message.register(take_payment, F.successful_payment)
    router.message.register(take_refund, F.refunded_payment)
    return router


def build_errors_router() -> Router:
    """Return the router that offers what an order lacks; it stands before all other errors."""
    router = Router(name="credits missing")
    router.errors.register(offer_missing, ExceptionTypeFilter(CreditsMissing))
    return router


async def check_out(query: PreCheckoutQuery, t: Texts, paying: Paying) -> None:
    """Agree to a payment, or say why not; Telegram waits for ten seconds."""
    refusal = await paying.check_out(query.from_user.id, query.invoice_payload, query.total_amount)
    # An answer that comes too late cancels the payment, and nothing is lost.
    with contextlib.suppress(TelegramBadRequest):
        if refusal is None:
            await query.answer(ok=True)
        else:
            await query.answer(ok=False, error_message=t.plain(f"checkout-{refusal}"))


async def take_payment(message: Message, user: User, paying: Paying) -> None:
    """Credit a payment; what it was for goes on once its user has been told."""
    if message.successful_payment is not None:
        await paying.paid(_charge(user.id, message, message.successful_payment))


async def take_refund(message: Message, paying: Paying) -> None:
    """Take back what a payment brought that Telegram has given back.

    The message is the bot's own; whose payment it was, the chat says.
    """
    if message.refunded_payment is not None:
        await paying.refunded(_charge(message.chat.id, message, message.refunded_payment))


async def offer_missing(event: ErrorEvent, payment_news: TelegramPaymentNews) -> None:
    """Offer exactly what an order lacks; it goes on by itself once that is paid."""
    source, error = event.update.event, event.exception
    if not isinstance(source, CallbackQuery | Message) or not isinstance(error, CreditsMissing):
        return
    if isinstance(source, CallbackQuery):
        await release(source)
    if source.from_user is not None:
        await payment_news.offer_missing(source.from_user.id, place_of(source), error)


def _charge(user_id: int, message: Message, paid: SuccessfulPayment | RefundedPayment) -> Charge:
    charge = Charge(
        paid.telegram_payment_charge_id,
        user_id,
        paid.total_amount,
        paid.invoice_payload,
        message.date.astimezone(UTC),
    )
    if isinstance(paid, RefundedPayment) or not paid.is_recurring:
        return charge
    until = paid.subscription_expiration_date
    return replace(
        charge,
        paid_until=datetime.fromtimestamp(until, UTC) if until else None,
        is_first=bool(paid.is_first_recurring),
    )
