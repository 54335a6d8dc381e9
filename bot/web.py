"""The HTTP server, in the bot's own event loop."""

import contextlib
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import uvicorn

from services.jobs.nursery import Nursery

if TYPE_CHECKING:
    from starlette.applications import Starlette

logger = logging.getLogger(__name__)

STOP_S = 5
"""How long requests under way may take once the bot was told to stop."""


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
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=STOP_S,
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
