"""What the console's lists have in common: moments, and the buttons that turn pages."""

from datetime import datetime

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from handlers.telegram.keyboards import button
from services.domain.clock import UTC
from texts.reader import Texts


def moment(at: datetime) -> str:
    """Return a moment in UTC, to the minute: admins may be anywhere."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def turning(
    t: Texts, newer: CallbackData | None, older: CallbackData | None
) -> list[list[InlineKeyboardButton]]:
    """Return the row that turns pages; no row where there is one page."""
    row = []
    if newer is not None:
        row.append(button(t.plain("console-newer"), newer.pack()))
    if older is not None:
        row.append(button(t.plain("console-older"), older.pack()))
    return [row] if row else []
