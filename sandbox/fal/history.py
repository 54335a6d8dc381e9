"""Reading the records the way fal's platform API tells them: history, charges, filters, pages."""

import re
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sandbox.fal.failures import JsonObject
from sandbox.fal.job import Job

DEFAULT_LIMIT = 50
MAX_LIMIT = 100
_DAY = timedelta(days=1)


class BadQuery(ValueError):
    """A parameter that the platform API would refuse; the message is for the caller."""


class EndStatus(StrEnum):
    """How requests ended, in the history's words."""

    SUCCESS = "success"
    ERROR = "error"
    USER_ERROR = "user_error"


class SortBy(StrEnum):
    """Orders of the history, both falling."""

    ENDED_AT = "ended_at"
    DURATION = "duration"


@dataclass(frozen=True)
class HistoryQuery:
    """A question to the history; times are Unix seconds, `end` is exclusive."""

    endpoints: frozenset[str]
    start: float
    end: float
    status: EndStatus | None
    request_ids: frozenset[str]
    sort_by: SortBy

    def holds(self, job: Job) -> bool:
        """Whether this job is an answer."""
        return (
            job.submission.endpoint_id in self.endpoints
            and self.start <= job.submitted_at < self.end
            and (self.status is None or end_status(job) is self.status)
            and (not self.request_ids or job.request_id in self.request_ids)
        )

    def order(self, jobs: Sequence[Job]) -> list[Job]:
        """The newest or the longest first; unfinished ones lead."""
        if self.sort_by is SortBy.DURATION:
            return sorted(jobs, key=lambda job: job.inference_s, reverse=True)
        return sorted(jobs, key=lambda job: job.ended_at or float("inf"), reverse=True)


def end_status(job: Job) -> EndStatus | None:
    """Success, fal's error or the caller's; None while there is no end."""
    if job.outcome is None:
        return None
    if job.outcome.ok:
        return EndStatus.SUCCESS
    return EndStatus.USER_ERROR if job.outcome.status < 500 else EndStatus.ERROR


def history_item(job: Job, *, payloads: bool) -> JsonObject:
    """One line of the history; fields that are not known yet are left out."""
    item: JsonObject = {
        "request_id": job.request_id,
        "endpoint_id": job.submission.endpoint_id,
        "started_at": iso(job.started_at or job.submitted_at),
        "sent_at": iso(job.submitted_at),
    }
    if job.outcome is not None and job.ended_at is not None:
        item |= {
            "ended_at": iso(job.ended_at),
            "status_code": job.outcome.status,
            "duration": job.inference_s,
        }
    if payloads and job.submission.store_io and not job.payload_deleted:
        item["json_input"] = job.submission.input
        if job.outcome is not None:
            item["json_output"] = job.outcome.body
    return item


def billing_event(job: Job) -> JsonObject:
    """One charge, in USD."""
    endpoint = job.submission.endpoint
    return {
        "request_id": job.request_id,
        "endpoint_id": job.submission.endpoint_id,
        "timestamp": iso(job.ended_at or job.submitted_at),
        "output_units": job.units,
        "unit_price": endpoint.unit_price if endpoint else 0,
        "percent_discount": 0,
        "cost_subtotal": job.charged_usd,
        "cost_discount": 0,
        "cost_total": job.charged_usd,
        "cost_estimate_nano_usd": round(job.charged_usd * 1e9),
    }


def iso(moment: float) -> str:
    """Unix time as ISO 8601 in UTC, with `Z`."""
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")


# The published schema takes a date or a `date-time`, and its validator's default refuses an
# offset: `Z` only.
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z)?")


def read_moment(text: str | None, default: datetime) -> float:
    """Unix time from a date, or from a moment that ends in `Z`.

    Raises:
        BadQuery: No such time.
    """
    if not text:
        return default.timestamp()
    try:
        moment = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        moment = None
    if moment is None:
        raise BadQuery(f"Invalid datetime {text!r}: YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def default_start(now: float, *, by_request: bool) -> datetime:
    """24 hours ago, or 90 days ago when request ids are given."""
    return datetime.fromtimestamp(now, UTC) - (90 * _DAY if by_request else _DAY)


def page(items: list[JsonObject], limit: str | None, cursor: str | None) -> JsonObject:
    """One page of the items, and the cursor of the next one.

    A cursor is the number of a page in base64, as fal's is: pages shift while rows arrive.

    Raises:
        BadQuery: A limit outside 1 to 100, or a cursor not given out here.
    """
    size = int(limit) if limit and limit.isdigit() else DEFAULT_LIMIT
    if (limit and not limit.isdigit()) or not 1 <= size <= MAX_LIMIT:
        raise BadQuery(f"limit must be 1 to {MAX_LIMIT}")
    number = _page_number(cursor) if cursor else 1
    stop = number * size
    more = stop < len(items)
    return {
        "items": items[stop - size : stop],
        "next_cursor": b64encode(str(number + 1).encode()).decode() if more else None,
        "has_more": more,
    }


def _page_number(cursor: str) -> int:
    try:
        number = b64decode(cursor, validate=True).decode("ascii")
    except ValueError:
        number = ""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number):
        raise BadQuery("Invalid cursor")
    return int(number)
