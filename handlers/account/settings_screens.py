"""The settings: what they say, and their keyboard."""

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from handlers.account.callbacks import Want
from handlers.telegram.callbacks import GroupsAction, GroupsButton, Menu, MenuItem
from handlers.telegram.keyboards import button, options_button
from handlers.telegram.screen import Screen
from services.domain.values import User
from services.users.service import Wish
from texts.reader import Texts


def settings(t: Texts, user: User, *, has_groups: bool = False) -> Screen:
    """Return the settings of a user; with `has_groups`, the way to those of pictures in groups."""
    language = t.plain("settings-language", name=t.plain(f"language-name-{user.language.value}"))
    rows = [
        [InlineKeyboardButton(text=language, callback_data=Menu(item=MenuItem.LANGUAGE).pack())],
        [options_button(t)],
        [_switch(t, Wish.PREVIEW, is_on=user.wants_preview)],
        [_switch(t, Wish.REMINDERS, is_on=user.wants_reminders)],
        [_switch(t, Wish.PROMPTS, is_on=user.wants_prompts)],
    ]
    text = t("settings")
    if has_groups:
        text = f"{text}\n{t('settings-groups-about')}"
        is_on = user.group_stars is not None
        show = GroupsButton(action=GroupsAction.SHOW).pack()
        rows.append([button(t.plain("settings-groups-on" if is_on else "settings-groups"), show)])
    return Screen(text, InlineKeyboardMarkup(inline_keyboard=rows))


def _switch(t: Texts, wish: Wish, *, is_on: bool) -> InlineKeyboardButton:
    mark = "✅" if is_on else "⬜"
    return InlineKeyboardButton(
        text=f"{mark} {t.plain(f'settings-{wish.value}')}",
        callback_data=Want(wish=wish, on=not is_on).pack(),
    )
