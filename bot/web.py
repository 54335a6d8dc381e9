"""The HTTP server, in the bot's own event loop."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from services.jobs.nursery import Nursery

if TYPE_CHECKING:
    from starlette.applications import Starlette

logger = logging.getLogger(__name__)

STOP_S = 5
"""How long requests under way may take once the bot was told to stop."""

KEEP_ALIVE_S = 75
"""How long an idle connection is kept: longer than a reverse proxy keeps it, 60 s in nginx
(https://nginx.org/en/docs/http/ngx_http_upstream_module.html#keepalive_timeout), as a request that
comes while this side closes is answered with 502."""


HEADERS_WITHIN_S = 10.0
"""For so long a connection may send a request bit by bit, or nothing at all at its beginning. The
server itself would wait for ever."""


class _InTime(H11Protocol):
    """Ends connections of those who take too long to say what they want.

    What comes after the headers is waited for by who reads it.
    """

    _ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for a request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Go on, and see whether that was all of the headers."""
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            # Also what still comes of a body that was refused.
            self._wait()
        else:
            self._wait_no_more()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._ends is None:
            self._ends = self.loop.call_later(HEADERS_WITHIN_S, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._ends is not None:
            self._ends.cancel()
            self._ends = None


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the bot, which stops everything in order."""
        yield


@contextlib.asynccontextmanager
async def serving(app: "Starlette", listener: socket.socket) -> AsyncIterator[None]:
    """Serve an application; on leaving, let requests that are under way end."""
    config = uvicorn.Config(
        app,
        http=_InTime,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
        timeout_keep_alive=KEEP_ALIVE_S,
    )
    server = _Server(config)
    async with Nursery() as nursery:
        served = nursery.start(server.serve([listener]), name="HTTP server")
        host, port = listener.getsockname()[:2]
        logger.info("HTTP on %s port %s", host, port)
        try:
            yield
        finally:
            server.should_exit = True
            await served
