"""The wire between the bot and the services: every call is recorded, faults strike here."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.events import EventLog
from sandbox.fault_answers import UpdateMischief, cut, error_answer, trickled, waited
from sandbox.faults import Fault, FaultKind, Faults, Service
from sandbox.journal import REQUEST_SUMMARY, Journal

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_TOKEN = re.compile(r"(?<=/bot)[^/]+")
_SHOWN_BODIES = {"application/json", "application/x-www-form-urlencoded"}
_MAX_READ_BODY = 1024 * 1024
_DROPPED = 0


def service_of(path: str) -> Service | None:
    """Which service a path belongs to; None for the page and the control plane."""
    if path.startswith(("/bot", "/file/bot")):
        return Service.TELEGRAM
    return Service.FAL if path.startswith("/fal/") else None


def masked_path(path: str) -> str:
    """The path without the bot token."""
    return _TOKEN.sub("***", path, count=1)


class Wire:
    """Middleware over both services.

    Attributes:
        journal: the recorded calls.
        faults: the injected faults.
    """

    def __init__(self, journal: Journal, faults: Faults, events: EventLog) -> None:
        self.journal = journal
        self.faults = faults
        self._events = events
        self._closing = asyncio.Event()
        self._updates = UpdateMischief()

    def close(self) -> None:
        """Let hanging calls end: the server is going away."""
        self._closing.set()

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Record a call to a service, and strike it with a fault when one fits."""
        service = service_of(request.path)
        if service is None:
            return await handler(request)
        started, at = time.perf_counter(), time.time()
        path = masked_path(request.path_qs)
        fault = self.faults.take(service, f"{request.method} {path}")
        if fault is not None:
            self._events.publish("state")
        # Read before the handler does: a stream that it has consumed cannot be shown any more.
        try:
            shown = await self._request_shown(request, fault)
        except BaseException as error:
            if fault is not None:
                fault.settle()
            if not isinstance(error, ConnectionResetError):
                raise
            # Who asked is gone in the middle of it, as a killed bot is; nobody hears the answer.
            return web.Response(status=400)
        status = 500
        response: web.StreamResponse | None = None
        try:
            response = await self._through(request, handler, service, fault)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        except _Dropped as drop:
            status, response = _DROPPED, drop.response
            return cut(request)
        finally:
            call = self.journal.record(
                at=at,
                service=service,
                method=request.method,
                path=self.journal.masked(path),
                status=status,
                request=self._parsed(request) or shown,
                response=self._response_shown(response, status),
                ms=round((time.perf_counter() - started) * 1000, 1),
            )
            self._events.publish("call", None, call=call.as_json())
        return response

    async def _through(
        self, request: web.Request, handler: Handler, service: Service, fault: Fault | None
    ) -> web.StreamResponse:
        is_poll = service is Service.TELEGRAM and request.path.lower().endswith("/getupdates")
        if fault is None:
            again = self._updates.again() if is_poll else None
            return again or await handler(request)
        match fault.kind:
            case FaultKind.DUPLICATE | FaultKind.REORDER:
                answer = await handler(request)
                return self._updates.strike(fault, answer) if is_poll else answer
            case FaultKind.TRICKLE:
                answer = await handler(request)
                try:
                    return await trickled(request, answer, fault.seconds, self._wait)
                except ConnectionResetError:
                    raise _Dropped(answer) from None
            case FaultKind.SLOW:
                # Bodies that are shown have been read.
                fault.settle()
                await self._wait(request, fault.seconds)
                return await handler(request)
            case FaultKind.DROP_AFTER:
                raise _Dropped(await handler(request))
            case FaultKind.DROP_BEFORE:
                raise _Dropped(None)
            case FaultKind.HANG_AFTER:
                try:
                    response = await handler(request)
                finally:
                    fault.settle()
                await self._wait(request, fault.seconds)
                raise _Dropped(response)
            case FaultKind.HANG:
                await self._wait(request, fault.seconds)
                raise _Dropped(None)
            case _:
                await request.read()
                return error_answer(service, fault)

    async def _wait(self, request: web.Request, seconds: float) -> None:
        await waited(request, seconds, self._closing)

    async def _request_shown(self, request: web.Request, fault: Fault | None) -> Any:  # noqa: ANN401
        length, kind = request.content_length or 0, request.content_type
        unread = fault is not None and fault.kind in {FaultKind.DROP_BEFORE, FaultKind.HANG}
        if kind in _SHOWN_BODIES and length <= _MAX_READ_BODY and not unread:
            return self.journal.body(await request.read(), kind)
        return f"<{length} bytes {kind}>" if length else None

    def _parsed(self, request: web.Request) -> Any:  # noqa: ANN401
        """What a handler that has parsed the body left for the journal."""
        return self.journal.shown(request[REQUEST_SUMMARY]) if REQUEST_SUMMARY in request else None

    def _response_shown(self, response: web.StreamResponse | None, status: int) -> Any:  # noqa: ANN401
        if response is None:
            return "connection closed without an answer" if status == _DROPPED else None
        body = getattr(response, "body", None)
        if isinstance(body, bytes):
            return self.journal.body(body, response.content_type)
        return f"<{response.content_type}>"


class _Dropped(Exception):
    """The connection is to be closed without an answer."""

    def __init__(self, response: web.StreamResponse | None) -> None:
        super().__init__()
        self.response = response
