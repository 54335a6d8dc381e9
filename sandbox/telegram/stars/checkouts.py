"""From a person's confirmation to the bot's answer, and what becomes of it."""

import random

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import QUERY_TOO_OLD, ControlError, bad_request
from sandbox.telegram.model import User
from sandbox.telegram.scenario import Checkouts
from sandbox.telegram.stars.payments import take
from sandbox.telegram.stars.records import (
    CHECKOUT_S,
    CURRENCY,
    Checkout,
    CheckoutState,
    Invoice,
    Place,
)


def confirm(
    emulator: TelegramEmulator, user: User, invoice: Invoice, place: Place | None
) -> list[Checkout]:
    """Let a person confirm a payment: the bot is asked, unless the Stars do not suffice.

    Returns:
        The checkout; two of them when the scenario lets every payment be confirmed twice.

    Raises:
        ControlError: 409 when the person has blocked the bot.
    """
    if user.blocked:
        raise ControlError("This user has blocked the bot: unblock it first.", status=409)
    times = 2 if emulator.scenario.pay_twice else 1
    opened = [_open(emulator, user, invoice, place) for _ in range(times)]
    emulator.stars.changed.set()
    return opened


def _open(
    emulator: TelegramEmulator, user: User, invoice: Invoice, place: Place | None
) -> Checkout:
    checkout = Checkout(str(random.getrandbits(59)), user.id, invoice, place, emulator.now())
    emulator.stars.checkouts[checkout.id] = checkout
    if user.stars < invoice.amount:
        _end(emulator, checkout, CheckoutState.NO_STARS)
        return checkout
    user.met = True
    query = {
        "id": checkout.id,
        "from": user.as_user(),
        "currency": CURRENCY,
        "total_amount": invoice.amount,
        "invoice_payload": invoice.payload,
    }
    # A bot that did not ask for these updates never learns of it: the payment times out.
    emulator.queue("pre_checkout_query", query)
    return checkout


def _end(emulator: TelegramEmulator, checkout: Checkout, state: CheckoutState) -> None:
    checkout.state = state
    emulator.events.publish("checkout", checkout.user_id, checkout=checkout.as_json())


def answer(emulator: TelegramEmulator, query_id: str, *, ok: bool, error: str) -> None:
    """Take the bot's answer; a payment that it approves is made at once.

    Raises:
        ApiError: 400 for an unknown query, a late answer or a second one.
    """
    expire(emulator)
    checkout = emulator.stars.checkouts.get(query_id)
    if checkout is None or checkout.state is not CheckoutState.WAITING:
        raise bad_request(QUERY_TOO_OLD)
    mood = emulator.scenario.checkout
    if mood is Checkouts.LATE_ANSWER:
        _end(emulator, checkout, CheckoutState.TIMED_OUT)
        raise bad_request(QUERY_TOO_OLD)
    if not ok:
        checkout.error = error
        _end(emulator, checkout, CheckoutState.REFUSED)
    elif mood is Checkouts.DIES:
        _end(emulator, checkout, CheckoutState.FAILED)
    elif emulator.users[checkout.user_id].stars < checkout.invoice.amount:
        _end(emulator, checkout, CheckoutState.NO_STARS)
    else:
        _pay(emulator, checkout)


def _pay(emulator: TelegramEmulator, checkout: Checkout) -> None:
    payment = take(emulator, emulator.users[checkout.user_id], checkout.invoice)
    checkout.charge_id = payment.charge_id
    _end(emulator, checkout, CheckoutState.PAID)
    bill = emulator.message(*checkout.place) if checkout.place else None
    if bill is not None and bill.chat_id == checkout.user_id:
        bill.shown["receipt_message_id"] = payment.message.message_id
        emulator.touch(bill, edited=False)


def expire(emulator: TelegramEmulator) -> None:
    """End the payments that the bot has not answered in ten seconds; they cost nothing."""
    now = emulator.now()
    for checkout in emulator.stars.checkouts.values():
        waits = checkout.state is CheckoutState.WAITING
        if waits and now >= checkout.created_at + CHECKOUT_S:
            _end(emulator, checkout, CheckoutState.TIMED_OUT)
