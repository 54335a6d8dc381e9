"""Whether the process lives, and whether it can do its work."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

OK = "ok\n"


def routes(troubles: Callable[[], Awaitable[list[str]]]) -> APIRouter:
    """Return `/healthz` (200 while the event loop turns) and `/readyz` (503 with the reasons)."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse(OK)

    @router.get("/readyz")
    async def readyz() -> PlainTextResponse:
        if lines := await troubles():
            return PlainTextResponse("".join(f"{line}\n" for line in lines), 503)
        return PlainTextResponse(OK)

    return router
