"""The one HTTP application: what Telegram pushes, and what a load balancer asks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI

from api import health, telegram
from api.door import UpdateDoor


@dataclass(frozen=True)
class Served:
    """What the application is for.

    Attributes:
        troubles: Returns in a line each what keeps the bot from working; empty when nothing does.
        updates: Where Telegram's updates go; None while they are polled.
        path: The path of PUBLIC_URL, which a reverse proxy takes off or passes on.
    """

    troubles: Callable[[], Awaitable[list[str]]]
    updates: UpdateDoor | None = None
    path: str = ""


def build_app(served: Served) -> FastAPI:
    """Return the application."""
    # There is no API for others yet, so there is nothing to describe.
    app = FastAPI(openapi_url=None)
    for prefix in dict.fromkeys(("", served.path)):
        app.include_router(health.routes(served.troubles), prefix=prefix)
        if served.updates is not None:
            app.include_router(telegram.routes(served.updates), prefix=prefix)
    return app
