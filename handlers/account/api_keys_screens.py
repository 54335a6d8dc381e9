"""What is said of a personal key, and its keyboards."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton

from handlers.account.callbacks import KeyAction, KeyButton, LimitKey, MakeKey
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.domain.api_keys import ApiKey, KeyScope
from services.users.api_keys import DAILY_PICTURES
from texts.reader import Texts

Rows = Sequence[Sequence[InlineKeyboardButton]]


def offer(t: Texts, host: str = "") -> Screen:
    """Return the choice of what a new key may do.

    Args:
        t: The user's sentences.
        host: Where messages for their program go; empty where they go nowhere.
    """
    rows = [
        [button(t.plain(f"api-key-{scope}"), MakeKey(scope=scope).pack())] for scope in KeyScope
    ]
    return _with_address(t, t("api-key"), rows, host)


def card(t: Texts, key: ApiKey, host: str = "") -> Screen:
    """Return what a key may do, with the buttons that change it; `host` as for `offer`."""
    text = t(
        "api-key-card",
        day=key.created_at.date(),
        scope=key.scope.value,
        pictures=key.daily_pictures,
        trainings=key.daily_trainings,
    )
    limits = [
        button(
            t.plain(
                "api-key-limit-chosen" if count == key.daily_pictures else "api-key-limit",
                count=count,
            ),
            LimitKey(key_id=key.id, daily_pictures=count).pack(),
        )
        for count in DAILY_PICTURES
    ]
    actions = [
        [button(t.plain("api-key-new"), KeyButton(action=KeyAction.NEW).pack())],
        [button(t.plain("api-key-revoke"), KeyButton(action=KeyAction.REVOKE).pack())],
    ]
    rows = actions if key.scope is KeyScope.READ else [limits, *actions]
    return _with_address(t, text, rows, host)


def revoked(t: Texts, host: str = "") -> Screen:
    """Return that the key is revoked; `host` as for `offer`."""
    return _with_address(t, t("api-key-revoked"), [], host)


def _with_address(t: Texts, text: str, rows: Rows, host: str) -> Screen:
    if not host:
        return Screen(text, keyboard_of(*rows) if rows else None)
    off = button(t.plain("webhook-turn-off"), KeyButton(action=KeyAction.HOOK_OFF).pack())
    return Screen(f"{text}\n\n{t('webhook-goes', host=host)}", keyboard_of(*rows, [off]))
