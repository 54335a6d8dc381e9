"""What the buttons of the console carry. Who presses is checked on every press."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData

from services.domain.broadcasts import Audience
from services.domain.console import Deed


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


class ConsolePlace(StrEnum):
    """The screens of the console. `LOST` are failed jobs of which fal may have a result."""

    HOME = "home"
    TODAY = "1"
    WEEK = "7"
    MONTH = "30"
    JOBS = "jobs"
    LOST = "lost"
    LOG = "log"
    FIND = "find"
    REPAIRS = "repairs"
    BROADCASTS = "casts"
    PRICES = "prices"
    PROMOS = "promos"


class ConsoleButton(CallbackData, prefix="console"):
    """Leads to a screen of the console."""

    place: ConsolePlace


class JobButton(CallbackData, prefix="consolejob"):
    """Shows a job, or does something about it."""

    kind: str
    job_id: str
    deed: Deed | None = None


class PersonButton(CallbackData, prefix="person"):
    """Shows a user, or keeps them out or lets them in again."""

    user_id: int
    deed: Deed | None = None


class AccountButton(CallbackData, prefix="account"):
    """Shows the Stars of a user, or gives some, or gives the payment back that has a mark."""

    user_id: int
    deed: Deed | None = None
    mark: str = "-"


class MovementsButton(CallbackData, prefix="movements"):
    """Shows what has moved for a user, before an entry or, at 0, from the newest."""

    user_id: int
    before: int = 0


class PromoButton(CallbackData, prefix="consolepromo"):
    """Has a promo code expire."""

    code: str


class RepairsButton(CallbackData, prefix="repairs"):
    """Switches maintenance."""

    on: bool


class BroadcastAction(StrEnum):
    """What the buttons of a broadcast do."""

    NEW = "new"
    ASK = "ask"
    SEND = "send"
    SHOW = "show"
    STOP = "stop"


class BroadcastButton(CallbackData, prefix="cast"):
    """A button of a broadcast."""

    action: BroadcastAction
    broadcast_id: str = "-"
    audience: Audience | None = None
