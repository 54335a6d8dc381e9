"""Broadcasts as admins see them."""

from collections.abc import Mapping, Sequence

from aiogram.types import InlineKeyboardButton

from handlers.admin.callbacks import BroadcastAction, BroadcastButton, ConsolePlace
from handlers.admin.pages import moment
from handlers.admin.screens import place
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.domain.broadcasts import Audience, Broadcast, BroadcastState
from texts.reader import Texts


def overview(t: Texts, shown: Sequence[Broadcast]) -> Screen:
    """Return the last broadcasts, and the way to a new one."""
    rows = [[_open(one)] for one in shown]
    new = BroadcastButton(action=BroadcastAction.NEW).pack()
    return Screen(
        t("console-broadcasts"),
        keyboard_of(
            *rows, [button(t.plain("console-broadcast-new"), new)], [place(t, ConsolePlace.HOME)]
        ),
    )


def preview(broadcast: Broadcast) -> Screen:
    """Return what users will see."""
    return Screen(broadcast.text, photo=broadcast.photo_file_id)


def audiences(t: Texts, broadcast: Broadcast, sizes: Mapping[Audience, int]) -> Screen:
    """Return the question whom it is for; nobody is asked about an audience of nobody."""
    rows = [
        [_audience(t, broadcast, audience, size, BroadcastAction.ASK)]
        for audience, size in sizes.items()
        if size
    ]
    return Screen(
        t("console-broadcast-audience"), keyboard_of(*rows, [place(t, ConsolePlace.HOME)])
    )


def sure(t: Texts, broadcast: Broadcast, audience: Audience, size: int) -> Screen:
    """Return the last question before it leaves."""
    send = _audience(t, broadcast, audience, size, BroadcastAction.SEND)
    return Screen(
        t("console-broadcast-sure", count=size), keyboard_of([send], [place(t, ConsolePlace.HOME)])
    )


def progress(t: Texts, broadcast: Broadcast) -> Screen:
    """Return how far it has come, and the way to stop it."""
    rows = []
    if broadcast.state is BroadcastState.RUNNING:
        for action in (BroadcastAction.SHOW, BroadcastAction.STOP):
            data = BroadcastButton(action=action, broadcast_id=broadcast.id).pack()
            rows.append([button(t.plain(f"console-broadcast-{action.value}"), data)])
    return Screen(_counts(t, broadcast), keyboard_of(*rows, [place(t, ConsolePlace.BROADCASTS)]))


def ended(t: Texts, broadcast: Broadcast) -> Screen:
    """Return the message that it has ended."""
    return Screen(_counts(t, broadcast), keyboard_of([place(t, ConsolePlace.BROADCASTS)]))


def _counts(t: Texts, broadcast: Broadcast) -> str:
    head = t(f"console-sent-{broadcast.state.value}")
    counts = t(
        "console-broadcast-counts",
        size=broadcast.audience_size,
        delivered=broadcast.delivered,
        blocked=broadcast.blocked,
        failed=broadcast.failed,
    )
    return f"{head}\n{counts}"


def _audience(
    t: Texts, broadcast: Broadcast, audience: Audience, size: int, action: BroadcastAction
) -> InlineKeyboardButton:
    data = BroadcastButton(action=action, broadcast_id=broadcast.id, audience=audience)
    return button(t.plain(f"console-audience-{audience.value}", count=size), data.pack())


def _open(broadcast: Broadcast) -> InlineKeyboardButton:
    at = broadcast.started_at or broadcast.created_at
    data = BroadcastButton(action=BroadcastAction.SHOW, broadcast_id=broadcast.id)
    return button(f"{moment(at)} · {broadcast.delivered}/{broadcast.audience_size}", data.pack())
