"""What the buttons of the console carry. Who presses is checked on every press."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData


class ThreadAction(StrEnum):
    """What the buttons of a thread do. `FILES` sends what is attached on the page shown."""

    REPLY = "reply"
    CLOSE = "close"
    REOPEN = "reopen"
    FILES = "files"


class ThreadButton(CallbackData, prefix="thr"):
    """A button of a thread."""

    action: ThreadAction
    thread_id: str
    page: int = 0


class ThreadsButton(CallbackData, prefix="thrs"):
    """Lists threads."""

    is_open: bool = True
    page: int = 0
