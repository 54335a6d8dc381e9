"""Reads the body of a request, up to a limit."""

from starlette.requests import ClientDisconnect, Request


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
