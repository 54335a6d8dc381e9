"""Where fal calls when a job has ended."""

import asyncio

from fastapi import APIRouter, Request, Response

from api.bodies import BodyCut, BodyTooLarge, read_body
from api.door import FAL_PATH, CallRefused, FalDoor
from services.domain.trouble import DatabaseUnavailable
from services.errors import FalUnavailable

MAX_BYTES = 8_000_000
"""A call holds what the job has made: addresses, and pictures themselves only where asked for."""

BODY_WITHIN_S = 15.0
"""fal's own limit for one try (documentation of webhooks)."""


def routes(door: FalDoor) -> APIRouter:
    """Return the route. Whatever is not answered with 200 fal tries again, later and later."""
    router = APIRouter()

    @router.post(f"{FAL_PATH}/{{word}}")
    async def call(word: str, request: Request) -> Response:
        try:
            # Nothing of a stranger's body is read.
            door.admit(word, request.headers)
            async with asyncio.timeout(BODY_WITHIN_S):
                body = await read_body(request, MAX_BYTES)
        except CallRefused:
            return Response(status_code=403)
        except BodyTooLarge:
            return Response(status_code=413)
        except (BodyCut, TimeoutError):
            return Response(status_code=400)
        try:
            await door.take(request.headers, body)
        except CallRefused:
            return Response(status_code=403)
        except (FalUnavailable, DatabaseUnavailable):
            return Response(status_code=503)
        return Response()

    return router
