"""Pressed buttons, and the prices on them."""

import contextlib
import re

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from handlers.telegram.replies import change_buttons
from services.domain.press import Press

PRICE = re.compile(r"(?<!\d)(\d{1,7})\s?⭐")
"""A price in Stars, as `Texts.price` writes it on buttons."""


def press_of(query: CallbackQuery) -> Press:
    """Return a press with the price that its button shows, where Telegram still tells of it."""
    pressed = next((one for one in _buttons(query) if one.callback_data == query.data), None)
    found = PRICE.search(pressed.text) if pressed is not None else None
    message_id = query.message.message_id if query.message else 0
    return Press(query.id, message_id, int(found[1]) if found else None)


async def put_price(query: CallbackQuery, stars: int) -> None:
    """Write what it costs now on the pressed button, so that another press agrees to that."""
    if not isinstance(query.message, Message) or query.message.reply_markup is None:
        return
    rows = [
        [_priced(one, stars) if one.callback_data == query.data else one for one in row]
        for row in query.message.reply_markup.inline_keyboard
    ]
    with contextlib.suppress(TelegramBadRequest):
        await change_buttons(query, InlineKeyboardMarkup(inline_keyboard=rows))


def with_price(label: str, stars: int | None) -> str:
    """Return the label of a button with a price on it, in the place of one that is there."""
    if stars is None:
        return label
    price = f"{stars}\N{NO-BREAK SPACE}⭐"
    return PRICE.sub(price, label) if PRICE.search(label) else f"{label} · {price}"


def _priced(one: InlineKeyboardButton, stars: int) -> InlineKeyboardButton:
    return one.model_copy(update={"text": with_price(one.text, stars)})


def _buttons(query: CallbackQuery) -> list[InlineKeyboardButton]:
    if not isinstance(query.message, Message) or query.message.reply_markup is None:
        return []
    return [one for row in query.message.reply_markup.inline_keyboard for one in row]
