"""The platform API (api.fal.ai/v1): prices, history, charges, balance, deletion."""

from datetime import UTC, datetime, timedelta

from aiohttp import web

from sandbox.fal.emulator import FalEmulator
from sandbox.fal.endpoints import ENDPOINTS
from sandbox.fal.history import (
    BadQuery,
    EndStatus,
    HistoryQuery,
    SortBy,
    billing_event,
    default_start,
    history_item,
    page,
    read_moment,
)
from sandbox.fal.job import Job, JobStatus
from sandbox.fal.web import is_admin, refused_key, reply

MAX_ENDPOINTS = 50
MAX_BILLING_SPAN = timedelta(days=90)


class PlatformRoutes:
    """Handlers of `{prefix}/api/v1`. The words of error messages are ours, their form is fal's."""

    def __init__(self, emulator: FalEmulator) -> None:
        self._emulator = emulator

    async def pricing(self, request: web.Request) -> web.Response:
        """Unit prices of the named endpoints, or of all."""
        refused = refused_key(self._emulator, request)
        if refused is not None:
            return refused
        wanted = _listed(request, "endpoint_id") or list(ENDPOINTS)
        unknown = [name for name in wanted if name not in ENDPOINTS]
        if unknown:
            return _error(404, "not_found", f"Unknown endpoint {unknown[0]}")
        rows = [ENDPOINTS[name] for name in wanted]
        prices = [
            {
                "endpoint_id": row.id,
                "unit_price": row.unit_price,
                "unit": row.unit,
                "currency": "USD",
            }
            for row in rows
        ]
        return reply({"prices": prices, "next_cursor": None, "has_more": False})

    async def history(self, request: web.Request) -> web.Response:
        """Requests of some endpoints, with their inputs when `expand=payloads`."""
        refused = refused_key(self._emulator, request)
        if refused is not None:
            return refused
        if self._emulator.scenario.history_forbidden and not is_admin(self._emulator, request):
            return _forbidden()
        payloads = "payloads" in _listed(request, "expand")
        try:
            query = self._query(request)
            jobs = query.order([job for job in self._listed_jobs() if query.holds(job)])
            items = [history_item(job, payloads=payloads) for job in jobs]
            return reply(page(items, request.query.get("limit"), request.query.get("cursor")))
        except BadQuery as error:
            return _error(400, "validation_error", str(error))

    async def billing_events(self, request: web.Request) -> web.Response:
        """Charges; a request without a row was not charged."""
        refused = self._refused_admin(request)
        if refused is not None:
            return refused
        ids = set(_listed(request, "request_id"))
        try:
            start, end = self._billing_span(request, by_request=bool(ids))
            events = [
                billing_event(job)
                for job in self._emulator.jobs.values()
                if job.charged_usd
                and start <= (job.ended_at or 0) < end
                and (not ids or job.request_id in ids)
            ]
            told = page(events, request.query.get("limit"), request.query.get("cursor"))
        except BadQuery as error:
            return _error(400, "validation_error", str(error))
        return reply({"billing_events": told.pop("items"), **told})

    async def balance(self, request: web.Request) -> web.Response:
        """The account, with its credit when `expand=credits`."""
        refused = self._refused_admin(request)
        if refused is not None:
            return refused
        account: dict[str, object] = {"username": "sandbox"}
        if "credits" in _listed(request, "expand"):
            left = round(self._emulator.scenario.balance_usd - self._emulator.charged_usd, 6)
            account["credits"] = {"current_balance": left, "currency": "USD"}
        return reply(account)

    async def delete_payloads(self, request: web.Request) -> web.Response:
        """Forget input and output of a request, and delete the files that it made."""
        refused = self._refused_admin(request)
        if refused is not None:
            return refused
        job = self._emulator.jobs.get(request.match_info["id"])
        if job is None:
            return _error(404, "not_found", "Unknown request")
        job.payload_deleted = True
        results = []
        for stored in job.files:
            found = self._emulator.files.delete(stored.path)
            link = f"{job.submission.origin}/cdn/{stored.path}"
            results.append({"link": link, "exception": None if found else "Not found"})
        return reply({"cdn_delete_results": results})

    def _refused_admin(self, request: web.Request) -> web.Response | None:
        refused = refused_key(self._emulator, request)
        if refused is None and not is_admin(self._emulator, request):
            refused = _forbidden()
        return refused

    def _listed_jobs(self) -> list[Job]:
        scenario = self._emulator.scenario
        newest = self._emulator.now() - scenario.history_lag_s
        return [
            job
            for job in self._emulator.jobs.values()
            if (scenario.history_lists_queued or job.status is not JobStatus.IN_QUEUE)
            and job.submitted_at <= newest
        ]

    def _query(self, request: web.Request) -> HistoryQuery:
        endpoints = frozenset(_listed(request, "endpoint_id"))
        if not 1 <= len(endpoints) <= MAX_ENDPOINTS:
            raise BadQuery(f"endpoint_id is required, 1 to {MAX_ENDPOINTS} of them")
        ids = frozenset(_listed(request, "request_id"))
        start, end = self._span(request, by_request=bool(ids))
        status = request.query.get("status")
        try:
            wanted = EndStatus(status) if status else None
            sort_by = SortBy(request.query.get("sort_by", SortBy.ENDED_AT))
        except ValueError as error:
            raise BadQuery(str(error)) from error
        return HistoryQuery(endpoints, start, end, wanted, ids, sort_by)

    def _billing_span(self, request: web.Request, *, by_request: bool) -> tuple[float, float]:
        start, end = self._span(request, by_request=by_request)
        if end - start > MAX_BILLING_SPAN.total_seconds() + 1:
            raise BadQuery("the span must be at most 90 days")
        return start, end

    def _span(self, request: web.Request, *, by_request: bool) -> tuple[float, float]:
        now = self._emulator.now()
        start = read_moment(request.query.get("start"), default_start(now, by_request=by_request))
        # The end is exclusive; without one, what was sent in this very moment still counts.
        end = read_moment(
            request.query.get("end"), datetime.fromtimestamp(now, UTC) + timedelta(seconds=1)
        )
        return start, end


def _listed(request: web.Request, name: str) -> list[str]:
    """Values of a parameter that may be repeated or joined by commas."""
    joined = ",".join(request.query.getall(name, []))
    return [value.strip() for value in joined.split(",") if value.strip()]


def _forbidden() -> web.Response:
    return _error(403, "authorization_error", "This endpoint requires an admin key")


def _error(status: int, kind: str, message: str) -> web.Response:
    return reply({"error": {"type": kind, "message": message}}, status)
