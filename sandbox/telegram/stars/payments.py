"""Stars that move between people and the bot, and what the bot is told of it."""

import secrets

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.model import Json, Message, User
from sandbox.telegram.scenario import Notice
from sandbox.telegram.stars.records import (
    CURRENCY,
    Invoice,
    Payment,
    Subscription,
    SubscriptionState,
)
from sandbox.telegram.stars.statement import add_line, buyer


def take(
    emulator: TelegramEmulator, user: User, invoice: Invoice, renewed: Subscription | None = None
) -> Payment:
    """Take the Stars of an invoice from a person who has them.

    Args:
        emulator: where.
        user: who pays; from now on the bot may write to them.
        invoice: what for.
        renewed: the subscription that this pays for once more; its time is prolonged.
    """
    now = emulator.now()
    user.stars -= invoice.amount
    user.met = user.started = True
    charge_id = _charge_id(emulator, renewed)
    fields: Json = {
        "currency": CURRENCY,
        "total_amount": invoice.amount,
        "invoice_payload": invoice.payload,
        "telegram_payment_charge_id": charge_id,
        "provider_payment_charge_id": f"{user.id}_{len(emulator.stars.payments) + 1}",
    }
    partner, shown = buyer(emulator, user, invoice.payload, invoice.amount)
    if invoice.period_s:
        expires_at = (renewed.expires_at if renewed else now) + invoice.period_s
        fields |= {"is_recurring": True, "subscription_expiration_date": int(expires_at)}
        partner["subscription_period"] = invoice.period_s
        if renewed is None:
            fields["is_first_recurring"] = True
            emulator.stars.subscriptions[charge_id] = Subscription(
                charge_id, user.id, invoice, expires_at
            )
        else:
            renewed.expires_at = expires_at
            renewed.state = SubscriptionState.ACTIVE
    body = {"successful_payment": fields}
    message = _post(emulator, user, body, invoice, sender=user)
    payment = Payment(charge_id, user.id, invoice, int(now), fields, partner, message)
    # A renewal with the id of the first payment is told beside it, under a name of its own.
    key = charge_id if charge_id not in emulator.stars.payments else f"{charge_id}.{int(now)}"
    emulator.stars.payments[key] = payment
    add_line(emulator, charge_id, shown, partner, int(now))
    _announce(emulator, payment)
    emulator.events.publish("state")
    return payment


def _charge_id(emulator: TelegramEmulator, renewed: Subscription | None) -> str:
    if renewed is not None and emulator.scenario.renewal_charge_id == "same":
        return renewed.charge_id
    return f"st{secrets.token_urlsafe(48)}"


def _post(
    emulator: TelegramEmulator, user: User, body: Json, invoice: Invoice, *, sender: User | None
) -> Message:
    """Put a message about money into a chat; people read what it was for."""
    message = emulator.post(user, body, sender=sender, service=True, announce=False)
    message.shown["paid_title"] = invoice.title
    emulator.events.publish("message", user.id, message=message.as_page())
    return message


def _announce(emulator: TelegramEmulator, payment: Payment) -> None:
    """Tell the bot of a payment, as the scenario lets it."""
    match emulator.scenario.payment_notice:
        case Notice.SENT:
            notify(emulator, payment)
        case Notice.TWICE:
            notify(emulator, payment)
            notify(emulator, payment)
        case Notice.LATE:
            due = emulator.now() + emulator.scenario.payment_notice_late_s
            emulator.stars.late.append((due, payment))
        case Notice.LOST:
            pass
    emulator.stars.changed.set()


def notify(emulator: TelegramEmulator, payment: Payment) -> None:
    """Send the bot the update about a payment, for the first time or again."""
    payment.notices += 1
    emulator.queue("message", payment.message.as_api())


def give_back(emulator: TelegramEmulator, payment: Payment, *, notice: bool = True) -> None:
    """Return a whole payment to the person who made it.

    Args:
        emulator: where.
        payment: one that was not given back yet.
        notice: whether the chat shows it and the bot hears of it.
    """
    user = emulator.users[payment.user_id]
    payment.refunded = True
    user.stars += payment.invoice.amount
    taken = payment.invoice.amount
    if emulator.scenario.commission_is_deducted and "affiliate" in payment.partner:
        taken -= payment.partner["affiliate"]["amount"]
    add_line(emulator, payment.charge_id, -taken, payment.partner, int(emulator.now()))
    if notice:
        named = ("currency", "total_amount", "invoice_payload", "telegram_payment_charge_id")
        body = {"refunded_payment": {name: payment.fields[name] for name in named}}
        # It is the bot's own message, and yet the bot gets it (Client::need_skip_update_message).
        message = _post(emulator, user, body, payment.invoice, sender=None)
        emulator.queue("message", message.as_api())
    emulator.events.publish("state")
