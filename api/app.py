"""The one HTTP application: what Telegram and fal push, what a load balancer asks, and the API."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI

from api import fal, health, telegram, webapp
from api.bodies import SmallBodiesRead
from api.callers import Limits
from api.door import FalDoor, UpdateDoor
from api.offered import ApiOffered
from api.problems import handle_no_such_address
from api.public import PATH, build_api


@dataclass(frozen=True)
class Served:
    """What the application is for.

    Attributes:
        troubles: Returns in a line each what keeps the bot from working; empty when nothing does.
        updates: Where Telegram's updates go; None while they are polled.
        path: The path of PUBLIC_URL, which a reverse proxy takes off or passes on.
        fal: Where fal's calls go; None where it makes none.
        api: What the API is built on; None where there is none.
        public_url: Where the bot is reached; the Mini App is there beside the API.
    """

    troubles: Callable[[], Awaitable[list[str]]]
    updates: UpdateDoor | None = None
    path: str = ""
    fal: FalDoor | None = None
    api: ApiOffered | None = None
    public_url: str = ""


def build_app(served: Served, limits: Limits | None = None) -> FastAPI:
    """Return the application; `limits` say how often the API may be asked."""
    # What Telegram and fal push is nobody else's to know; the API describes itself.
    app = FastAPI(openapi_url=None)
    app.add_middleware(SmallBodiesRead)
    api = None
    if served.api is not None:
        api = build_api(served.api, limits)
        # A line break in an address matches no mount, not even that of the API.
        handle_no_such_address(app)
    for prefix in dict.fromkeys(("", served.path)):
        app.include_router(health.routes(served.troubles), prefix=prefix)
        if served.updates is not None:
            app.include_router(telegram.routes(served.updates), prefix=prefix)
        if served.fal is not None:
            app.include_router(fal.routes(served.fal), prefix=prefix)
        if api is not None:
            app.mount(f"{prefix}{PATH}", api)
            app.include_router(webapp.routes(served.public_url), prefix=prefix)
    return app
