"""What Prometheus reads, on a port of its own: it is meant for the operator alone."""

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def build_metrics_app(scrape: Callable[[], Awaitable[bytes]]) -> Starlette:
    """Return the application; `scrape` returns the figures as text."""

    async def metrics(_: Request) -> Response:
        # Set as a header, or Starlette would add a second charset.
        return Response(await scrape(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return Starlette(routes=[Route("/metrics", metrics)])
