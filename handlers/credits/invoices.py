"""Sends invoices in Stars."""

from collections.abc import Mapping
from typing import Any

from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice

from handlers.telegram.captions import cut
from services.domain.credits import Invoice
from services.domain.values import Place
from services.enlarging.service import ENLARGE
from services.generation import wish
from services.paying.gifting import GIFT
from services.training.drafts import DRAFT
from services.training.service import RETRY
from texts.reader import Texts

STARS = "XTR"
"""Telegram's currency; amounts in it are whole Stars."""

MAX_TITLE = 32
"""Telegram's limit (core.telegram.org/bots/api#sendinvoice)."""

FORWARDED = "buy"
"""With a start_parameter, a forwarded copy of an invoice leads to the bot and cannot be paid."""


async def send_invoice(bot: Bot, place: Place, t: Texts, invoice: Invoice) -> None:
    """Send the invoice of a pack."""
    title = t.plain("invoice-title", credits=invoice.stars + invoice.bonus)
    await _send(bot, place, t, invoice, (title, t.plain("invoice-pack")))


async def send_top_up(
    bot: Bot, place: Place, t: Texts, invoice: Invoice, request: Mapping[str, Any] | None
) -> None:
    """Send the invoice of what an order lacks; `request` says what was to be ordered."""
    key = "invoice-top-up-gift" if request and request["kind"] == GIFT else "invoice-top-up"
    title = (request and _ordered(t, request)) or t.plain("invoice-title", credits=invoice.stars)
    await _send(bot, place, t, invoice, (title, t.plain(key, stars=invoice.stars)))


def _ordered(t: Texts, request: Mapping[str, Any]) -> str | None:
    """Return what is to be ordered, for a title; None where there are no words for it."""
    kind = request["kind"]
    if kind == wish.KIND:
        count = sum(one["options"]["count"] for one in request["requests"])
        return t.plain("invoice-order-pictures", count=count)
    if kind == ENLARGE:
        return t.plain("invoice-order-enlarge")
    if kind in {DRAFT, RETRY}:
        room = MAX_TITLE - len(t.plain("invoice-order-training", name=""))
        return t.plain("invoice-order-training", name=cut(request["name"], room))
    if kind == GIFT:
        return t.plain("invoice-order-gift", stars=request["stars"])
    return None


async def _send(
    bot: Bot, place: Place, t: Texts, invoice: Invoice, words: tuple[str, str]
) -> None:
    """Send an invoice; the button to pay must be its first, and says so in the user's language."""
    title, description = words
    pay = InlineKeyboardButton(text=t.plain("invoice-pay", stars=invoice.stars), pay=True)
    await bot.send_invoice(
        place.chat_id,
        title=title,
        description=description,
        payload=invoice.id,
        currency=STARS,
        prices=[LabeledPrice(label=t.plain("invoice-label"), amount=invoice.stars)],
        start_parameter=FORWARDED,
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[pay]]),
        message_thread_id=place.thread_id,
    )
