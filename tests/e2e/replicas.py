"""Several bots on one PostgreSQL database, and the balancer before them."""

import asyncio
import itertools
import os
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.e2e.processes import Process, bot_process
from tests.ports import free_port

REPLICAS = int(os.environ.get("E2E_REPLICAS", "1"))
"""How many the bot is that the tests share; see `tests.e2e.conftest`."""

BALANCER_PATIENCE_S = 3.0
PATH = "/np"


class Balancer:
    """Passes each request to the next bot, and to another one where that gives no answer.

    Attributes:
        port: Where it listens.
        ports: Those of the bots.
        passed: How many requests each of them has answered, by port.
    """

    def __init__(self, replicas: int) -> None:
        self.port, *self.ports = (free_port() for _ in range(1 + replicas))
        self.passed: Counter[int] = Counter()
        self._turns = itertools.count()

    @property
    def address(self) -> str:
        """What bots have as PUBLIC_URL."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Listen on a thread of its own, as tests have an event loop each."""
        loop = asyncio.new_event_loop()
        ended, ready = asyncio.Event(), threading.Event()

        async def serve() -> None:
            async with self._serving():
                ready.set()
                await ended.wait()

        thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
        thread.start()
        try:
            assert ready.wait(30)
            yield
        finally:
            loop.call_soon_threadsafe(ended.set)
            thread.join()
            loop.close()

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        timeout = aiohttp.ClientTimeout(total=BALANCER_PATIENCE_S)
        async with aiohttp.ClientSession(timeout=timeout) as http:

            async def handle(request: web.Request) -> web.Response:
                return await self._handle(http, request)

            app = web.Application()
            app.router.add_route("*", "/{path:.*}", handle)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            try:
                yield
            finally:
                await runner.cleanup()

    async def _handle(self, http: aiohttp.ClientSession, request: web.Request) -> web.Response:
        body, turn = await request.read(), next(self._turns)
        for tried in range(len(self.ports)):
            port = self.ports[(turn + tried) % len(self.ports)]
            address = f"http://127.0.0.1:{port}{request.path_qs}"
            try:
                async with http.request(
                    request.method, address, data=body, headers=request.headers
                ) as answer:
                    if answer.status == HTTPStatus.OK:
                        self.passed[port] += 1
                        return web.Response(body=await answer.read())
            except (aiohttp.ClientError, TimeoutError):
                continue
        return web.Response(status=HTTPStatus.BAD_GATEWAY)


def replica_process(
    server: str, folder: Path, database: str, balancer: Balancer, port: int, **settings: str
) -> Process:
    """Return a bot that Telegram and fal push to through a balancer."""
    return bot_process(
        server,
        folder,
        DATABASE_URL=database,
        PUBLIC_URL=balancer.address,
        HTTP_PORT=str(port),
        **settings,
    )


class Replicas(Process):
    """Several bots, handled as if they were one: started, stopped and killed together.

    They print into one file, since they run in one folder.

    Args:
        bots: The processes.
    """

    def __init__(self, bots: list[Process]) -> None:
        self.bots = bots

    def start(self) -> None:
        """Start all that do not run, and wait until each works."""
        for bot in self.bots:
            if not bot.runs:
                before = bot.printed_bytes
                bot.start()
                bot.printed_match(r"(started with trainer)", after=before)

    def printed(self, after: int = 0) -> str:
        """See `Process.printed`."""
        return self.bots[0].printed(after)

    @property
    def runs(self) -> bool:
        """Whether all of them live."""
        return all(bot.runs for bot in self.bots)

    @property
    def folder(self) -> Path:
        """The folder that all run in."""
        return self.bots[0].folder

    @property
    def pid(self) -> int:
        """The id of the first process."""
        return self.bots[0].pid

    @property
    def printed_bytes(self) -> int:
        """How much all have printed so far."""
        return self.bots[0].printed_bytes

    def freeze(self) -> None:
        """Stop all where they are."""
        for bot in self.bots:
            bot.freeze()

    def go_on(self) -> None:
        """Have all go on."""
        for bot in self.bots:
            bot.go_on()

    def kill(self) -> None:
        """End all as a crash would."""
        for bot in self.bots:
            bot.kill()

    def stop(self) -> int | None:
        """Ask all to stop, and return the first exit code that is not 0."""
        codes = [code for bot in self.bots if (code := bot.stop()) is not None]
        return next((code for code in codes if code), 0) if codes else None

    def wait(self) -> int:
        """Wait until all have ended, and return the first exit code that is not 0."""
        codes = [bot.wait() for bot in self.bots]
        return next((code for code in codes if code), 0)

    def printed_match(self, pattern: str, after: int = 0) -> str:
        """See `Process.printed_match`."""
        return self.bots[0].printed_match(pattern, after)
