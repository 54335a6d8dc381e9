"""What was seen of fal and Telegram. Nothing here holds a key, an address's query or a prompt."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

import httpx

from services.fal.answers import Unreadable, object_of
from services.fal.gateway import Job, UnitPrice
from services.verify.plan import Plan


class Asked(StrEnum):
    """What an answer is the answer to."""

    SUBMIT = "submit"
    STATUS = "status"
    RESULT = "result"
    CANCEL = "cancel"
    HISTORY = "history"
    FILE = "file"
    OTHER = "other"


@dataclass(frozen=True)
class Exchange:
    """One answer of fal; `at_s` counts from the beginning. A file has no body here."""

    at_s: float
    asked: Asked
    path: str
    status: int
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(kw_only=True)
class JobSeen:
    """One request and what became of it; times in seconds from the beginning.

    `sightings` are the looks into the request history: whether it was listed by its input, or
    None where fal refused the question. `found_bare` is whether it was listed without its input.
    `outcome` is empty until the end, `ok` for a result, else the error. `job` is None while it is
    not known under which id fal has taken it, if it has. `gone_looks` counts the looks in a row at
    which fal did not know it.
    """

    name: str
    endpoint: str
    mark: str
    price_usd: Decimal
    submitted_s: float
    job: Job | None = None
    states: list[tuple[float, str]] = field(default_factory=list)
    logs: dict[tuple[str, str], float] = field(default_factory=dict)
    sightings: list[tuple[float, bool | None]] = field(default_factory=list)
    found_bare: bool = False
    ended_s: float | None = None
    outcome: str = ""
    stop_said: str = ""
    is_refused: bool = False
    charged_usd: Decimal | None = None
    gone_looks: int = 0

    @property
    def is_under_way(self) -> bool:
        """Whether fal may still be working on it."""
        return self.ended_s is None and not self.is_refused

    @property
    def log_lines(self) -> Sequence[str]:
        """The messages in the order in which they came."""
        return [message for _, message in self.logs]


@dataclass(frozen=True)
class ChatAnswer:
    """What Telegram said to something sent."""

    is_ok: bool
    said: str


@dataclass(frozen=True)
class Burst:
    """How many messages passed in how many seconds until Telegram refused, if it did."""

    sent: int
    within_s: float
    refusal: str = ""
    retry_after_s: float | None = None


class Chat(Protocol):
    """The operator's chat; nothing is waited for and nothing repeated."""

    async def photo(self, url: str) -> ChatAnswer:
        """Send a photo by its address."""
        ...

    async def album(self, urls: Sequence[str]) -> ChatAnswer:
        """Send an album by addresses."""
        ...

    async def document(self, url: str) -> ChatAnswer:
        """Send a file by its address."""
        ...

    async def burst(self, most: int) -> Burst:
        """Send short messages until one is refused, `most` of them; then delete them."""
        ...


@dataclass
class Evidence:
    """Everything seen, for the assumptions to be judged by.

    `dates` is what the history answered to each form of `start`; `chat` is what Telegram answered,
    by what was sent; `trouble` is what did not go as planned, in words.
    """

    plan: Plan
    clock: Callable[[], float] = time.monotonic
    exchanges: list[Exchange] = field(default_factory=list)
    jobs: list[JobSeen] = field(default_factory=list)
    prices: dict[str, UnitPrice] = field(default_factory=dict)
    dates: dict[str, int] = field(default_factory=dict)
    chat: dict[str, ChatAnswer] = field(default_factory=dict)
    flood: Burst | None = None
    trouble: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin to count."""
        self._began = self.clock()

    @property
    def now_s(self) -> float:
        """Seconds since the beginning."""
        return round(self.clock() - self._began, 2)

    def job(self, name: str) -> JobSeen | None:
        """Return what is known of a job, None if it was not submitted."""
        return next((job for job in self.jobs if job.name == name), None)

    def of(self, asked: Asked, job: JobSeen | None = None) -> Iterator[Exchange]:
        """Return the answers to a kind of question, of one job or of all, oldest first."""
        part = f"/requests/{job.job.request_id}" if job and job.job else ""
        for exchange in self.exchanges:
            if exchange.asked is asked and part in exchange.path:
                yield exchange

    async def note(self, response: httpx.Response) -> None:
        """Keep an answer; see `FalClient`."""
        request = response.request
        asked = _asked(request)
        body = {} if asked is Asked.FILE else _object(response)
        self.exchanges.append(
            Exchange(
                self.now_s,
                asked,
                request.url.path,
                response.status_code,
                dict(response.headers),
                _without_strangers(body) if asked is Asked.HISTORY else body,
            )
        )


def _asked(request: httpx.Request) -> Asked:
    path = request.url.path
    if "Authorization" not in request.headers:
        return Asked.FILE
    if path.endswith("/requests/by-endpoint"):
        return Asked.HISTORY
    if "/requests/" in path and path.rstrip("/").endswith("/status"):
        return Asked.STATUS
    if "/requests/" in path:
        return Asked.CANCEL if request.method == "PUT" else Asked.RESULT
    if request.method == "POST" and "/storage/" not in path:
        return Asked.SUBMIT
    return Asked.OTHER


def _object(response: httpx.Response) -> dict[str, Any]:
    try:
        return object_of(response.content)
    except Unreadable:
        return {}


def _without_strangers(body: Mapping[str, Any]) -> dict[str, Any]:
    """Leave nothing of the history but ids and times: it holds the prompts of users."""
    items = body.get("items")
    kept = ("request_id", "started_at", "sent_at", "ended_at")
    rows = [row for row in items if isinstance(row, dict)] if isinstance(items, list) else []
    return {"items": [{name: row.get(name) for name in kept} for row in rows]}
