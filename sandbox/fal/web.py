"""What all routes share: replies with fal's headers, keys, and the address that callers use."""

import re
from collections.abc import Mapping

from aiohttp import web

from sandbox.fal.emulator import FalEmulator
from sandbox.fal.failures import JobFailure, field_error
from sandbox.fal.files import Lifecycle
from sandbox.fal.ids import uuid7

LOCKED = (
    "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
)
NO_USER = "No user found for Key ID and Secret"
MALFORMED_KEY = "Invalid Key Authorization header format. Expected '<key_id>:<key_secret>'."
_KEY = re.compile(r"Key (?P<key>[^:\s]+:[^:\s]+)")


def reply(
    body: object,
    status: int = 200,
    *,
    request_id: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """JSON with the header that fal's own servers put on everything."""
    known = {"x-fal-request-id": request_id or uuid7(), **(headers or {})}
    return web.json_response(body, status=status, headers=known)


def nginx_page(status: int) -> web.Response:
    """What fal's ingress answers when nothing behind it does: HTML, and no request id."""
    title = {502: "502 Bad Gateway", 503: "503 Service Temporarily Unavailable"}
    text = title.get(status, f"{status} Gateway Time-out")
    page = (
        f"<html>\r\n<head><title>{text}</title></head>\r\n<body>\r\n<center><h1>{text}</h1></center>"
        "\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return web.Response(text=page, status=status, content_type="text/html")


def refused_key(emulator: FalEmulator, request: web.Request) -> web.Response | None:
    """The 401 that this request earns, or None when its key is good.

    What fal says to a request without the header is not known; it is told about the format.
    """
    match = _KEY.fullmatch(request.headers.get("Authorization", ""))
    if match is None:
        return reply({"detail": MALFORMED_KEY}, 401)
    known = {emulator.key, emulator.admin_key}
    if emulator.scenario.bad_key or match["key"] not in known:
        return reply({"detail": NO_USER}, 401)
    return None


def is_admin(emulator: FalEmulator, request: web.Request) -> bool:
    """Whether the key is the one of admin scope."""
    return request.headers.get("Authorization") == f"Key {emulator.admin_key}"


def refused_work(emulator: FalEmulator, request: web.Request) -> web.Response | None:
    """The 401 or 403 that keeps this request from new work."""
    refused = refused_key(emulator, request)
    if refused is None and emulator.is_locked:
        refused = reply({"detail": LOCKED}, 403)
    return refused


async def read_body(request: web.Request) -> bytes:
    """The whole body, without the limit that aiohttp sets for forms.

    Raises:
        web.HTTPBadRequest: The client went away before it had sent all.
    """
    try:
        # A middleware that has read the body before leaves it in aiohttp's own store.
        return await request.content.read() or await request.read()
    except ConnectionError as error:
        raise web.HTTPBadRequest(text="the body broke off") from error


def lifecycle_of(request: web.Request, *names: str) -> Lifecycle:
    """The lifecycle that the first present of these headers asks for.

    Raises:
        JobFailure: The header is no such JSON.
    """
    for name in names:
        text = request.headers.get(name)
        if text:
            try:
                return Lifecycle.model_validate_json(text)
            except ValueError as error:
                raise field_error(["header", name], "Invalid lifecycle preference") from error
    return Lifecycle()


def failure_reply(failure: JobFailure) -> web.Response:
    """A refusal at the door, in the form of a job's failure."""
    outcome = failure.outcome
    return reply(outcome.body, outcome.status, headers=outcome.headers)
