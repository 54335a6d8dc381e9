"""The settings: what they say, and their keyboard."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.account.callbacks import Want
from handlers.telegram.callbacks import Menu, MenuItem
from handlers.telegram.keyboards import options_button
from handlers.telegram.screen import Screen
from services.domain.values import User
from services.users.service import Wish
from texts.reader import Texts


def settings(t: Texts, user: User) -> Screen:
    """Return the settings of a user."""
    language = t.plain("settings-language", name=t.plain(f"language-name-{user.language.value}"))
    rows = [
        [InlineKeyboardButton(text=language, callback_data=Menu(item=MenuItem.LANGUAGE).pack())],
        [options_button(t)],
        [_switch(t, Wish.PREVIEW, is_on=user.wants_preview)],
        [_switch(t, Wish.REMINDERS, is_on=user.wants_reminders)],
        [_switch(t, Wish.PROMPTS, is_on=user.wants_prompts)],
    ]
    return Screen(t("settings"), InlineKeyboardMarkup(inline_keyboard=rows))


def _switch(t: Texts, wish: Wish, *, is_on: bool) -> InlineKeyboardButton:
    mark = "✅" if is_on else "⬜"
    return InlineKeyboardButton(
        text=f"{mark} {t.plain(f'settings-{wish.value}')}",
        callback_data=Want(wish=wish, on=not is_on).pack(),
    )
