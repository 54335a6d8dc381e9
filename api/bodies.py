"""Reads the body of a request, up to a limit."""

import asyncio
import contextlib

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL_BYTES = 64 * 1024
"""A body of at most this length is read also where nobody wants it."""

REST_WITHIN_S = 2.0
"""So long its rest is waited for."""


class BodyTooLarge(Exception):
    """The body is longer than is allowed; its rest was not read."""


class BodyCut(Exception):
    """The client left before its body was whole."""


async def read_body(request: Request, max_bytes: int) -> bytes:
    """Return the whole body.

    Raises:
        BodyTooLarge: It is longer than `max_bytes`.
        BodyCut: It did not arrive whole.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > max_bytes:
                raise BodyTooLarge
    except ClientDisconnect as error:
        raise BodyCut from error
    return bytes(body)


class SmallBodiesRead:
    """Reads a small body to its end before an answer to it leaves.

    A server that answers in the middle of a body closes the connection, and what still arrives
    then resets it: the client may never see why it was refused. A long body is not worth reading.

    Args:
        app: Answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See https://asgi.readthedocs.io/en/latest/specs/main.html#applications."""
        if scope["type"] != "http" or not 0 < told_length(scope) <= SMALL_BYTES:
            await self._app(scope, receive, send)
            return
        is_whole = False

        async def receive_noting() -> Message:
            nonlocal is_whole
            message = await receive()
            is_whole = is_whole or not message.get("more_body", False)
            return message

        async def send_after(message: Message) -> None:
            if message["type"] == "http.response.start":
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(REST_WITHIN_S):
                        while not is_whole:
                            await receive_noting()
            await send(message)

        await self._app(scope, receive_noting, send_after)


def told_length(scope: Scope) -> int:
    """Return how long a request says its body is; 0 where it says nothing usable."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return int(said) if said.isdigit() else 0
