"""Subscriptions: begun by a link, cancelled and allowed again by buttons of /balance."""

from aiogram import Bot, Router
from aiogram.types import BotSubscriptionUpdated, CallbackQuery, InlineKeyboardButton, LabeledPrice

from handlers.credits.callbacks import AllowSubscription, CancelSubscription, Subscribe
from handlers.credits.invoices import STARS
from handlers.credits.subscription_screens import about, buttons
from handlers.telegram.keyboards import keyboard_of
from handlers.telegram.replies import bot_of, reply
from services.domain.credits import Invoice
from services.domain.subscriptions import PERIOD
from services.domain.values import User
from services.paying.subscribing import Subscribing
from texts.reader import Texts


def build_router() -> Router:
    """Return the router of subscriptions."""
    router = Router(name="subscriptions")
    router.callback_query.register(offer, Subscribe.filter())
    router.callback_query.register(cancel, CancelSubscription.filter())
    router.callback_query.register(allow, AllowSubscription.filter())
    router.subscription.register(learn)
    return router


async def offer(query: CallbackQuery, user: User, t: Texts, subscribing: Subscribing) -> None:
    """Send the link by which a subscription is begun."""
    invoice = await subscribing.begin(user.id)
    link = await _link(bot_of(query), t, invoice)
    start = InlineKeyboardButton(text=t.plain("subscription-start", stars=invoice.stars), url=link)
    brought = invoice.stars + invoice.bonus
    words = t("subscription-offer", stars=invoice.stars, credits=brought)
    await reply(query, words, keyboard_of([start]))


async def cancel(
    query: CallbackQuery,
    callback_data: CancelSubscription,
    user: User,
    t: Texts,
    subscribing: Subscribing,
) -> None:
    """Have a subscription renewed no more."""
    cancelled = await subscribing.cancel(user.id, callback_data.id)
    await reply(query, about(t, cancelled), keyboard_of(*buttons(t, cancelled)))


async def allow(
    query: CallbackQuery,
    callback_data: AllowSubscription,
    user: User,
    t: Texts,
    subscribing: Subscribing,
) -> None:
    """Let a user take up again in Telegram what was cancelled here."""
    allowed = await subscribing.allow(user.id, callback_data.id)
    await reply(query, about(t, allowed))


async def learn(update: BotSubscriptionUpdated, subscribing: Subscribing) -> None:
    """Note what somebody has done about a subscription in Telegram."""
    await subscribing.learn(update.user.id, update.invoice_payload, update.state)


async def _link(bot: Bot, t: Texts, invoice: Invoice) -> str:
    """Return a link to pay an invoice each month; Telegram has such invoices as links only."""
    return await bot.create_invoice_link(
        title=t.plain("subscription-title", credits=invoice.stars + invoice.bonus),
        description=t.plain("subscription-about", stars=invoice.stars),
        payload=invoice.id,
        currency=STARS,
        prices=[LabeledPrice(label=t.plain("invoice-label"), amount=invoice.stars)],
        subscription_period=int(PERIOD.total_seconds()),
    )
