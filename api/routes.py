"""The kind of route that all calls of the API take: first who calls, then what they send."""

import asyncio
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from api.bodies import BodyCut, BodyTooLarge, read_body
from api.callers import find_caller
from api.problems import Refused

MAX_JSON_BYTES = 64 * 1024
"""The longest prompt has 900 characters."""

BODY_WITHIN_S = 15.0


class CallersRoute(APIRoute):
    """Nothing of a stranger's body is read, and of nobody's more than is allowed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what handles a request."""
        handle = super().get_route_handler()
        has_body = self.body_field is not None

        async def handle_known(request: Request) -> Response:
            request.state.caller = await find_caller(request)
            return await handle(await _read(request) if has_body else request)

        return handle_known


async def _read(request: Request) -> Request:
    """Return the request with its body read."""
    try:
        async with asyncio.timeout(BODY_WITHIN_S):
            body = await read_body(request, MAX_JSON_BYTES)
    except BodyTooLarge:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large") from None
    except (BodyCut, TimeoutError):
        raise Refused(HTTPStatus.REQUEST_TIMEOUT, "body-too-slow") from None

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)
