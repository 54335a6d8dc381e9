"""Sends invoices in Stars."""

from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice

from services.domain.credits import Invoice, InvoiceKind
from services.domain.values import Place
from texts.reader import Texts

STARS = "XTR"
"""Telegram's currency; amounts in it are whole Stars."""

FORWARDED = "buy"
"""With a start_parameter, a forwarded copy of an invoice leads to the bot and cannot be paid."""


async def send_invoice(bot: Bot, place: Place, t: Texts, invoice: Invoice) -> None:
    """Send an invoice; the button to pay must be its first, and says so in the user's language."""
    is_pack = invoice.kind is InvoiceKind.PACK
    brought = invoice.stars + invoice.bonus
    pay = InlineKeyboardButton(text=t.plain("invoice-pay", stars=invoice.stars), pay=True)
    await bot.send_invoice(
        place.chat_id,
        title=t.plain("invoice-title", credits=brought),
        description=t.plain("invoice-pack" if is_pack else "invoice-top-up", stars=invoice.stars),
        payload=invoice.id,
        currency=STARS,
        prices=[LabeledPrice(label=t.plain("invoice-label"), amount=invoice.stars)],
        start_parameter=FORWARDED,
        reply_markup=InlineKeyboardMarkup(inline_keyboard=[[pay]]),
        message_thread_id=place.thread_id,
    )
