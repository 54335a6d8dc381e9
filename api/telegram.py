"""Where Telegram pushes updates."""

from fastapi import APIRouter, Request, Response

from api.bodies import BodyCut, BodyTooLarge, read_body
from api.door import PATH, NoRoom, UpdateDoor
from services.domain.trouble import DatabaseUnavailable

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # the header's name

MAX_BYTES = 1_000_000
"""Updates have some kilobytes; the longest texts and entities that Telegram allows stay below."""

RETRY_AFTER = {"Retry-After": "5"}
"""Telegram's server waits so many seconds before it gives the update again (WebhookActor.cpp)."""


def routes(door: UpdateDoor) -> APIRouter:
    """Return the route: 200 once an update is kept, and Telegram gives it again otherwise."""
    router = APIRouter()

    @router.post(PATH)
    async def push(request: Request) -> Response:
        # Nothing of a stranger's body is read.
        if not door.opens_to(request.headers.get(SECRET_HEADER)):
            return Response(status_code=403)
        try:
            await door.take(await read_body(request, MAX_BYTES))
        except BodyTooLarge:
            return Response(status_code=413)
        except BodyCut:
            return Response(status_code=400)
        except (NoRoom, DatabaseUnavailable):
            return Response(status_code=503, headers=RETRY_AFTER)
        return Response()

    return router
