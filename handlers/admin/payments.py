"""What admins do about payments: /payments USER, and /refund CHARGE REASON."""

from aiogram import Router
from aiogram.filters import CommandObject
from aiogram.types import Message

from handlers.telegram.command_filters import TextCommand
from services.console.accounts import Accounts
from services.domain.credits import Payment
from services.domain.values import User
from services.money.refunds import Refunds
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of payments."""
    router = Router(name="admin payments")
    router.message.register(show_payments, TextCommand("payments"))
    router.message.register(refund, TextCommand("refund"))
    return router


async def show_payments(
    message: Message, command: CommandObject, t: Texts, refunds: Refunds
) -> None:
    """Show the payments of a user with the ids that /refund takes."""
    wanted = (command.args or "").strip()
    if not wanted.isdecimal():
        await message.answer(t("admin-payments-how"))
        return
    payments = await refunds.payments_of(int(wanted))
    lines = [_line(t, payment) for payment in payments]
    await message.answer("\n\n".join(lines) or t("admin-payments-none"))


async def refund(
    message: Message, command: CommandObject, user: User, t: Texts, accounts: Accounts
) -> None:
    """Give a payment back."""
    charge_id, _, reason = (command.args or "").strip().partition(" ")
    if not charge_id or not reason.strip():
        await message.answer(t("admin-refund-how"))
        return
    payment = await accounts.give_back(user.id, charge_id, reason.strip())
    await message.answer(t("admin-refund-begun", stars=payment.stars, unused=payment.frozen_paid))


def _line(t: Texts, payment: Payment) -> str:
    return t(
        "admin-payment",
        date=payment.paid_at.strftime("%Y-%m-%d %H:%M"),
        stars=payment.stars,
        state=payment.state.value,
        charge=payment.charge_id,
    )
