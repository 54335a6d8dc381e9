"""What is said of a personal key, and its keyboards."""

from handlers.account.callbacks import KeyAction, KeyButton, LimitKey, MakeKey
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.domain.api_keys import ApiKey, KeyScope
from services.users.api_keys import DAILY_PICTURES
from texts.reader import Texts


def offer(t: Texts) -> Screen:
    """Return the choice of what a new key may do."""
    rows = [
        [button(t.plain(f"api-key-{scope}"), MakeKey(scope=scope).pack())] for scope in KeyScope
    ]
    return Screen(t("api-key"), keyboard_of(*rows))


def card(t: Texts, key: ApiKey) -> Screen:
    """Return what a key may do, with the buttons that change it."""
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
    return Screen(text, keyboard_of(*rows))
