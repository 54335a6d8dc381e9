"""What is said of subscriptions."""

from aiogram.types import InlineKeyboardButton

from handlers.credits.callbacks import AllowSubscription, CancelSubscription
from handlers.telegram.keyboards import button
from services.domain.subscriptions import Subscription, SubscriptionState, Wish
from texts.reader import Texts


def about(t: Texts, one: Subscription) -> str:
    """Return how a subscription is, and what can be done about it."""
    key = _key(one)
    if key == "subscription-active":
        date = one.paid_until.date()
        return t(key, stars=one.stars, credits=one.credits, date=date)
    return t(key, date=one.paid_until.date())


def _key(one: Subscription) -> str:
    if one.wish is Wish.CANCEL:
        return "subscription-cancelling"
    if one.wish is Wish.ALLOW:
        return "subscription-allowing"
    if one.state is SubscriptionState.CANCELLED:
        return "subscription-cancelled" if one.is_ours else "subscription-cancelled-there"
    if one.state is SubscriptionState.FAILED:
        return "subscription-failed"
    return "subscription-active"


def buttons(t: Texts, one: Subscription) -> list[list[InlineKeyboardButton]]:
    """Return what can be done about a subscription now."""
    if one.wish is not None:
        return []
    if one.renews:
        words = t.plain("subscription-cancel")
        return [[button(words, CancelSubscription(id=one.id).pack())]]
    if one.is_ours:
        return [[button(t.plain("subscription-allow"), AllowSubscription(id=one.id).pack())]]
    return []
