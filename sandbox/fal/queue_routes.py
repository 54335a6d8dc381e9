"""The queue and the synchronous endpoint over HTTP."""

import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.fal.download import LOOPBACK_HOSTS
from sandbox.fal.emulator import FalEmulator
from sandbox.fal.endpoints import APPS, ENDPOINTS, app_of
from sandbox.fal.failures import JobFailure
from sandbox.fal.job import Job, JobStatus, Submission
from sandbox.fal.language_route import ROUTER, LanguageRoute
from sandbox.fal.loose import loosened
from sandbox.fal.queue_paths import METHODS, Action, RequestPath, read_request_path
from sandbox.fal.status_text import StatusText
from sandbox.fal.web import (
    LOCKED,
    failure_reply,
    lifecycle_of,
    nginx_page,
    read_body,
    refused_key,
    refused_work,
    reply,
)

CANCEL_STATUS = {"CANCELLATION_REQUESTED": 202, "ALREADY_COMPLETED": 400, "OK": 200}
_TRUE = frozenset({"1", "true", "yes"})
# 403, 404 and 405 bodies of the queue are not published; these are FastAPI's words.
_NOT_FOUND = {"detail": "Request not found"}
_WRONG_METHOD = {"detail": "Method Not Allowed"}


class QueueRoutes:
    """Handlers of everything under `{prefix}/queue` and `{prefix}/run`."""

    def __init__(self, emulator: FalEmulator, prefix: str) -> None:
        self._emulator = emulator
        self._prefix = prefix
        self._status_text = StatusText(emulator)
        self._language = LanguageRoute(emulator)

    async def queue(self, request: web.Request) -> web.StreamResponse:
        """Any request to the queue's host."""
        tail = request.match_info["tail"]
        path = read_request_path(tail)
        if path is None:
            return await self._submit(request, tail.strip("/"))
        if path.has_sub_path:
            return reply(_WRONG_METHOD, 405)
        if path.action is None:
            return reply(_NOT_FOUND, 404)
        if request.method != METHODS[path.action]:
            return reply(_WRONG_METHOD, 405, headers={"Allow": METHODS[path.action]})
        return await self._known_request(request, path, path.action)

    async def run(self, request: web.Request) -> web.StreamResponse:
        """The synchronous host: the same work, answered when it is done, never queued."""
        endpoint_id = request.match_info["tail"].strip("/")
        if request.method != "POST":
            return reply(_WRONG_METHOD, 405)
        refused = refused_work(self._emulator, request)
        if refused is None and endpoint_id == ROUTER:
            return await self._language.answer(request)
        refused = refused or _unknown_app(endpoint_id)
        if refused is not None:
            return refused
        if self._emulator.engine.is_full:
            body = {"detail": "Too many concurrent requests", "type": "concurrent_requests_limit"}
            return reply(body, 429, headers={"X-Fal-needs-retry": "1"})
        try:
            submission = await self._submission(request, endpoint_id)
        except JobFailure as failure:
            return failure_reply(failure)
        job = self._emulator.submit(replace(submission, synchronous=True, webhook=""))
        await self._emulator.engine.finished(job)
        return self._result(job)

    async def _submit(self, request: web.Request, endpoint_id: str) -> web.Response:
        if request.method != "POST":
            return reply(_WRONG_METHOD, 405, headers={"Allow": "POST"})
        refused = (
            refused_work(self._emulator, request)
            or _unknown_app(endpoint_id)
            or self._injected_refusal()
            or self._over_length(request)
            or _refused_webhook(request)
        )
        if refused is not None:
            return refused
        try:
            job = self._emulator.submit(await self._submission(request, endpoint_id))
        except JobFailure as failure:
            return failure_reply(failure)
        self._maybe_drop_answer(request)
        return reply(self._status_text.of(job, with_logs=False), request_id=job.request_id)

    def _injected_refusal(self) -> web.Response | None:
        status = self._emulator.scenario.submit_error
        if status is None:
            return None
        if status >= 500:
            return nginx_page(status)
        return reply({"detail": "Too many requests" if status == 429 else "Refused"}, status)

    def _over_length(self, request: web.Request) -> web.Response | None:
        limit = request.query.get("fal_max_queue_length", "")
        if limit.isdigit() and self._emulator.engine.waiting >= int(limit):
            return reply({"detail": "Queue is too long"}, 429)
        return None

    def _maybe_drop_answer(self, request: web.Request) -> None:
        scenario = self._emulator.scenario
        if scenario.drop_answer_of_submit:
            left = scenario.drop_answer_of_submit - 1
            self._emulator.scenario = scenario.model_copy(update={"drop_answer_of_submit": left})
            if request.transport is not None:
                request.transport.abort()

    async def _submission(self, request: web.Request, endpoint_id: str) -> Submission:
        raw = await read_body(request)
        return Submission(
            endpoint_id=endpoint_id,
            app=app_of(endpoint_id),
            endpoint=ENDPOINTS.get(endpoint_id),
            raw_body=raw,
            input=_readable(raw),
            origin=f"{request.scheme}://{request.host}{self._prefix}",
            lifecycle=lifecycle_of(request, "X-Fal-Object-Lifecycle-Preference"),
            store_io=request.headers.get("X-Fal-Store-IO") != "0",
            no_retry=request.headers.get("X-Fal-No-Retry", "").lower() in _TRUE,
            start_timeout_s=_start_timeout(request.headers),
            webhook=request.query.get("fal_webhook", ""),
        )

    async def _known_request(
        self, request: web.Request, path: RequestPath, action: Action
    ) -> web.StreamResponse:
        refused = refused_key(self._emulator, request)
        if refused is None and self._emulator.scenario.locked_polls:
            refused = reply({"detail": LOCKED}, 403)
        refused = refused or self._moved(request, action)
        if refused is not None:
            return refused
        job = self._emulator.job(path.app, path.request_id)
        match action:
            case Action.CANCEL:
                return self._cancel(job)
            case _ if job is None:
                return reply(_NOT_FOUND, 404)
            case Action.STATUS:
                return self._status(job, with_logs=_wants_logs(request))
            case Action.STREAM:
                return await self._status_text.stream(request, job, with_logs=_wants_logs(request))
            case _:
                return self._result(job)

    def _moved(self, request: web.Request, action: Action) -> web.Response | None:
        reads = action in {Action.STATUS, Action.RESULT}
        if not (self._emulator.scenario.redirect_reads and reads) or "moved" in request.query:
            return None
        return reply({}, 307, headers={"Location": str(request.rel_url.update_query(moved=1))})

    def _cancel(self, job: Job | None) -> web.Response:
        if job is None:
            return reply({"status": "NOT_FOUND"}, 404)
        word = self._emulator.cancel(job)
        return reply({"status": word}, CANCEL_STATUS[word], request_id=job.request_id)

    def _status(self, job: Job, *, with_logs: bool) -> web.Response:
        self._emulator.engine.tell_logs(job)
        body = self._status_text.of(job, with_logs=with_logs)
        code = 200 if job.status is JobStatus.COMPLETED else 202
        self._emulator.engine.polled(job)
        if self._emulator.scenario.lower_statuses:
            body["status"] = str(body["status"]).lower()
        return reply(body, code, request_id=job.request_id)

    def _result(self, job: Job) -> web.Response:
        outcome = job.outcome
        if outcome is None:
            body = {"detail": "Request is still in progress"}
            return reply(body, 400, request_id=job.request_id)
        if self._emulator.scenario.lose_result:
            return reply(_NOT_FOUND, 404)
        told = outcome.body
        if self._emulator.scenario.loose_output and outcome.ok:
            told = loosened(told)
        return reply(told, outcome.status, request_id=job.request_id, headers=outcome.headers)


def _unknown_app(endpoint_id: str) -> web.Response | None:
    """The 404 for an app that is not emulated; a wrong path of a known app fails later."""
    app = app_of(endpoint_id)
    if app in APPS:
        return None
    return reply({"detail": f"Application '{app}' not found"}, 404)


def _refused_webhook(request: web.Request) -> web.Response | None:
    """Refuse what is no address, and those beyond this machine: silence would look like a loss.

    What fal answers to a bad address is not known; this is FastAPI's manner.
    """
    url = request.query.get("fal_webhook")
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        where = ["query", "fal_webhook"]
        wrong = {"loc": where, "msg": "invalid or missing URL scheme", "type": "value_error.url"}
        return reply({"detail": [wrong]}, 422)
    if parts.hostname not in LOOPBACK_HOSTS:
        return reply({"detail": "The sandbox calls nobody beyond this machine"}, 501)
    return None


def _wants_logs(request: web.Request) -> bool:
    return request.query.get("logs", "").lower() in {"1", "true"}


def _readable(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _start_timeout(headers: Mapping[str, str]) -> float | None:
    for name in ("X-Fal-Request-Start-Timeout", "X-Fal-Request-Timeout"):
        try:
            return float(headers[name])
        except (KeyError, ValueError):
            continue
    return None
