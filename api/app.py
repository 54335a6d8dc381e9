"""The one HTTP application: what Telegram and fal push, and what a load balancer asks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI

from api import fal, health, telegram
from api.door import FalDoor, UpdateDoor


@dataclass(frozen=True)
class Served:
    """What the application is for.

    Attributes:
        troubles: Returns in a line each what keeps the bot from working; empty when nothing does.
        updates: Where Telegram's updates go; None while they are polled.
        path: The path of PUBLIC_URL, which a reverse proxy takes off or passes on.
        fal: Where fal's calls go; None where it makes none.
    """

    troubles: Callable[[], Awaitable[list[str]]]
    updates: UpdateDoor | None = None
    path: str = ""
    fal: FalDoor | None = None


def build_app(served: Served) -> FastAPI:
    """Return the application."""
    # There is no API for others yet, so there is nothing to describe.
    app = FastAPI(openapi_url=None)
    for prefix in dict.fromkeys(("", served.path)):
        app.include_router(health.routes(served.troubles), prefix=prefix)
        if served.updates is not None:
            app.include_router(telegram.routes(served.updates), prefix=prefix)
        if served.fal is not None:
            app.include_router(fal.routes(served.fal), prefix=prefix)
    return app
