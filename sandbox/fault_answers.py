"""How a call is answered that a fault hits."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from sandbox.faults import Fault, FaultKind, Service

_NGINX = (
    "<html>\r\n<head><title>{status} {reason}</title></head>\r\n<body>\r\n"
    "<center><h1>{status} {reason}</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n"
    "</body>\r\n</html>\r\n"
)
_REASONS = {429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway"}
_TRICKLE_EVERY_S = 0.02

Wait = Callable[[web.Request, float], Awaitable[None]]


def error_answer(service: Service, fault: Fault) -> web.Response:
    """Return the answer of `status`, `html` and `flood`."""
    if fault.kind is FaultKind.FLOOD:
        seconds = max(1, round(fault.seconds))
        body: Any = {
            "ok": False,
            "error_code": 429,
            "description": f"Too Many Requests: retry after {seconds}",
            "parameters": {"retry_after": seconds},
        }
        return web.json_response(body, status=429, headers={"Retry-After": str(seconds)})
    reason = _REASONS.get(fault.status, "Error")
    if fault.kind is FaultKind.HTML:
        page = _NGINX.format(status=fault.status, reason=reason)
        return web.Response(status=fault.status, text=page, content_type="text/html")
    if isinstance(fault.body, str):
        kind = "application/json" if fault.body[:1] in {"{", "["} else "text/plain"
        return web.Response(status=fault.status, text=fault.body, content_type=kind)
    body = fault.body
    if body is None and service is Service.TELEGRAM:
        body = {"ok": False, "error_code": fault.status, "description": reason}
    elif body is None:
        body = {"detail": reason}
    return web.Response(
        status=fault.status, text=json.dumps(body), content_type="application/json"
    )


async def trickled(
    request: web.Request, answer: web.StreamResponse, seconds: float, wait: Wait
) -> web.StreamResponse:
    """Send a finished answer in many small pieces over `seconds`; one already sent stays as it is.

    Args:
        request: The call.
        answer: What it is answered with.
        seconds: From the first piece to the last.
        wait: Waits no longer than the client and the server stay.
    """
    body = answer.body if isinstance(answer, web.Response) else None
    if not isinstance(body, bytes) or not body:
        return answer
    slow = web.StreamResponse(status=answer.status, headers=answer.headers)
    slow.content_length = len(body)
    await slow.prepare(request)
    pieces = max(1, min(len(body), round(seconds / _TRICKLE_EVERY_S)))
    size = -(-len(body) // pieces)
    for start in range(0, len(body), size):
        await slow.write(body[start : start + size])
        await wait(request, seconds / pieces)
    await slow.write_eof()
    return slow


class UpdateMischief:
    """Delivers updates once more, or in another order: the faults of getUpdates only."""

    def __init__(self) -> None:
        self._again: list[Any] = []

    def again(self) -> web.Response | None:
        """Return the updates that are delivered once more as the next answer, once."""
        if not self._again:
            return None
        updates, self._again = self._again, []
        return web.json_response({"ok": True, "result": updates})

    def strike(self, fault: Fault, answer: web.StreamResponse) -> web.StreamResponse:
        """Change or remember what getUpdates answers; a batch too small for it is no hit."""
        updates = _updates_in(answer)
        fewest = 2 if fault.kind is FaultKind.REORDER else 1
        if len(updates) < fewest:
            fault.hits -= 1
            return answer
        if fault.kind is FaultKind.DUPLICATE:
            self._again = updates
            return answer
        return web.json_response({"ok": True, "result": updates[::-1]})


def _updates_in(answer: web.StreamResponse) -> list[Any]:
    body = answer.body if isinstance(answer, web.Response) else None
    if answer.status != 200 or not isinstance(body, bytes):
        return []
    return list(json.loads(body).get("result") or [])


def cut(request: web.Request) -> web.StreamResponse:
    """Close the connection; the answer that aiohttp wants goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def waited(request: web.Request, seconds: float, closing: asyncio.Event) -> None:
    """Wait, but no longer than the client and the server stay."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while (left := deadline - loop.time()) > 0:
        if request.transport is None or request.transport.is_closing():
            return
        try:
            async with asyncio.timeout(min(left, 0.5)):
                await closing.wait()
        except TimeoutError:
            continue
        return
