"""Threads of users and the operator, as admins see them."""

from aiogram.types import InlineKeyboardButton

from handlers.admin.callbacks import ThreadAction, ThreadButton, ThreadsButton
from handlers.admin.pages import moment, turning
from handlers.telegram.callbacks import OpenThread
from handlers.telegram.captions import cut
from handlers.telegram.keyboards import button, keyboard_of
from handlers.telegram.screen import Screen
from services.domain.support import SupportMessage, SupportThread
from services.support.service import ThreadList, ThreadPage
from texts.reader import Texts, as_text

LINE_ROOM = 350
"""UTF-16 units of a message in a history; a page of them fits into Telegram's 4096."""


def threads(t: Texts, shown: ThreadList) -> Screen:
    """Return the list, those that wait for an answer marked."""
    text = t("console-threads-open") if shown.is_open else t("console-threads-closed")
    if not shown.threads:
        text += "\n" + t("console-none")
    rows = [[_thread_button(one)] for one in shown.threads]
    rows += turning(
        t,
        ThreadsButton(is_open=shown.is_open, page=shown.page - 1) if shown.page else None,
        ThreadsButton(is_open=shown.is_open, page=shown.page + 1) if shown.has_more else None,
    )
    other = t.plain("console-show-closed") if shown.is_open else t.plain("console-show-open")
    rows.append([button(other, ThreadsButton(is_open=not shown.is_open).pack())])
    return Screen(text, keyboard_of(*rows))


def thread(t: Texts, shown: ThreadPage) -> Screen:
    """Return a page of a thread, the newest below, with what can be done."""
    one = shown.thread
    head = t("console-thread", id=str(one.user_id))
    if one.closed_at is not None:
        head += "\n" + t("console-thread-closed", date=moment(one.closed_at))
    lines = [line(t, message) for message in reversed(shown.messages)]
    rows = []
    if any(message.attachment for message in shown.messages):
        rows.append([_action(t, ThreadAction.FILES, shown)])
    closing = ThreadAction.CLOSE if one.closed_at is None else ThreadAction.REOPEN
    rows.append([_action(t, ThreadAction.REPLY, shown), _action(t, closing, shown)])
    rows += turning(
        t,
        OpenThread(thread_id=one.id, page=shown.page - 1) if shown.page else None,
        OpenThread(thread_id=one.id, page=shown.page + 1) if shown.has_older else None,
    )
    rows.append([button(t.plain("console-threads"), ThreadsButton().pack())])
    return Screen("\n\n".join([head, *lines]), keyboard_of(*rows))


def _thread_button(thread: SupportThread) -> InlineKeyboardButton:
    mark = "✉️" if thread.is_waiting else "✓"
    text = f"{mark} {thread.user_id} · {moment(thread.written_at)}"
    return button(text, OpenThread(thread_id=thread.id).pack())


def _action(t: Texts, action: ThreadAction, shown: ThreadPage) -> InlineKeyboardButton:
    data = ThreadButton(action=action, thread_id=shown.thread.id, page=shown.page)
    return button(t.plain(f"console-thread-{action.value}"), data.pack())


def line(t: Texts, message: SupportMessage) -> str:
    """Return a message as a history shows it, cut where it is long."""
    date = moment(message.created_at)
    if message.admin_id is None:
        parts = [t("console-line-user", date=date)]
    else:
        parts = [t("console-line-admin", date=date, admin=str(message.admin_id))]
        if message.delivered_at is None:
            parts.append(t("console-line-waits"))
    if message.code is not None:
        parts.append(t("support-code", code=message.code))
    if message.attachment is not None:
        parts.append(t(f"console-line-{message.attachment.value}"))
    if message.text:
        parts.append(as_text(cut(message.text, LINE_ROOM)))
    return "\n".join(parts)
