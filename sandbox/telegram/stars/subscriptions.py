"""Payments that repeat: renewals, and who may cancel them."""

from sandbox.telegram.emulator import TelegramEmulator
from sandbox.telegram.errors import ControlError
from sandbox.telegram.stars.payments import take
from sandbox.telegram.stars.records import Subscription, SubscriptionState


def _tell(emulator: TelegramEmulator, subscription: Subscription, state: str) -> None:
    user = emulator.users[subscription.user_id]
    change = {
        "user": user.as_user(),
        "invoice_payload": subscription.invoice.payload,
        "state": state,
    }
    emulator.queue("subscription", change)


def renew(emulator: TelegramEmulator, subscription: Subscription) -> None:
    """Take the next payment; without the Stars for it the subscription has failed."""
    user = emulator.users[subscription.user_id]
    if user.stars >= subscription.invoice.amount:
        take(emulator, user, subscription.invoice, subscription)
        return
    subscription.state = SubscriptionState.FAILED
    _tell(emulator, subscription, "failed")
    emulator.events.publish("state")


def renew_due(emulator: TelegramEmulator) -> None:
    """Renew or end what has run out, as often as its time has passed."""
    now = emulator.now()
    for subscription in emulator.stars.subscriptions.values():
        while subscription.expires_at <= now and subscription.state is SubscriptionState.ACTIVE:
            renew(emulator, subscription)
        if subscription.expires_at <= now and subscription.state is SubscriptionState.CANCELED:
            subscription.state = SubscriptionState.ENDED
            emulator.events.publish("state")


def change_by_user(emulator: TelegramEmulator, subscription: Subscription, action: str) -> None:
    """Let the person cancel a subscription, take it up again, or let a month pass at once.

    Raises:
        ControlError: the action is unknown, or impossible as things are.
    """
    state = subscription.state
    match action:
        case "cancel" if state is SubscriptionState.ACTIVE:
            subscription.state = SubscriptionState.CANCELED
            _tell(emulator, subscription, "canceled")
        case "restore" if state is SubscriptionState.CANCELED and not subscription.by_bot:
            subscription.state = SubscriptionState.ACTIVE
            _tell(emulator, subscription, "active")
        case "renew" if state in {SubscriptionState.ACTIVE, SubscriptionState.FAILED}:
            renew(emulator, subscription)
        case "cancel" | "restore" | "renew":
            whose = " by the bot" if subscription.by_bot else ""
            raise ControlError(f"The subscription is {state.value}{whose}.", status=409)
        case _:
            raise ControlError("action is cancel, restore or renew.")
    emulator.events.publish("state")


def change_by_bot(
    emulator: TelegramEmulator, subscription: Subscription, *, is_canceled: bool
) -> None:
    """Let the bot cancel a subscription, or let the person take it up again."""
    subscription.by_bot = is_canceled
    if is_canceled and subscription.state is SubscriptionState.ACTIVE:
        subscription.state = SubscriptionState.CANCELED
    emulator.events.publish("state")
