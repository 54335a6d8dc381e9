"""Who may talk to the sandbox: this machine's own pages and programs only."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_LOCAL_NAMES = {"127.0.0.1", "localhost", "::1"}


def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


@web.middleware
async def local_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign host names (DNS rebinding) and requests that a foreign page sends.

    A page on the internet can let a visitor's browser send requests to loopback. It cannot
    forge the Host header, and the browser adds its Origin to everything that changes state.
    """
    host = request.headers.get("Host", "")
    if _host_name(host) not in _LOCAL_NAMES:
        return web.json_response({"error": "This server answers to local names only."}, status=403)
    origin = request.headers.get("Origin")
    changes = request.method not in {"GET", "HEAD"}
    if changes and origin is not None and origin != f"http://{host}":
        return web.json_response({"error": "Requests of foreign pages are refused."}, status=403)
    return await handler(request)
