"""A bad network between a browser and the bot: a proxy that breaks what it is told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum, auto

import aiohttp
from aiohttp import web
from multidict import CIMultiDict

HOPS = {
    "connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "host",
    "content-encoding",
}
PATIENCE_S = 60
MOST_BYTES = 64 * 1024 * 1024
HTML = "<!doctype html><title>Sign in</title><p>Sign in to this network."


class Break(Enum):
    """How a request fails."""

    CUT = auto()
    """The connection ends while its body is on the way."""

    LOST = auto()
    """It is done, and its answer never comes."""


@dataclass(frozen=True)
class Odd:
    """An answer of somebody between, instead of the bot's."""

    status: int
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html"})
    text: str = HTML


Fault = Break | Odd | asyncio.Event
"""An event is waited for before a request goes on."""


class Network:
    """What lies between; `wrong` has the faults to come, by the beginning of a path."""

    def __init__(self, target: str, http: aiohttp.ClientSession) -> None:
        self._target = target
        self._http = http
        self.url = ""
        self.wrong: list[tuple[str, Fault]] = []
        self.passed: list[tuple[str, str, str]] = []
        """What reached the bot: the method, the path, and the word of an order."""
        self._transports: dict[web.StreamResponse, asyncio.Transport] = {}

    def breaks(self, path: str, *faults: Fault) -> None:
        """Have the next requests of a path fail, one fault each."""
        self.wrong += [(path, fault) for fault in faults]

    def orders(self, path: str) -> list[str]:
        """Return the words of the orders that reached the bot."""
        return [key for method, seen, key in self.passed if method == "POST" and seen == path]

    async def until_ordered(self, path: str, count: int) -> None:
        """Wait until so many orders have reached the bot: what they make may be seen before."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.orders(path)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def until_passed(self, method: str, count: int) -> None:
        """Wait until so many requests of a method have been answered by the bot."""
        async with asyncio.timeout(PATIENCE_S):
            while [one for one, _, _ in self.passed].count(method) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def drop_stream(self) -> None:
        """Wait until there is one open stream, and end it in the middle."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self._transports) != 1:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        for transport in self._transports.values():
            transport.abort()

    def _fault(self, path: str) -> Fault | None:
        for number, (beginning, fault) in enumerate(self.wrong):
            if path.startswith(beginning):
                del self.wrong[number]
                return fault
        return None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Pass a request on, or not."""
        fault = self._fault(request.path)
        assert request.transport is not None
        if fault is Break.CUT:
            await request.content.readany()
            request.transport.abort()
            return web.Response()
        if isinstance(fault, Odd):
            await request.read()
            return web.Response(status=fault.status, headers=fault.headers, text=fault.text)
        body = await request.read()
        if isinstance(fault, asyncio.Event):
            await fault.wait()
        kept = CIMultiDict(
            (name, value) for name, value in request.headers.items() if name.lower() not in HOPS
        )
        url = f"{self._target}{request.path_qs}"
        async with self._http.request(request.method, url, headers=kept, data=body) as answer:
            headers = CIMultiDict(
                (name, value) for name, value in answer.headers.items() if name.lower() not in HOPS
            )
            if answer.content_type != "text/event-stream":
                data = await answer.read()
                key = request.headers.get("Idempotency-Key", "")
                self.passed.append((request.method, request.path, key))
                if fault is Break.LOST:
                    request.transport.abort()
                return web.Response(status=answer.status, headers=headers, body=data)
            stream = web.StreamResponse(status=answer.status, headers=headers)
            await stream.prepare(request)
            self._transports[stream] = request.transport
            try:
                async for chunk in answer.content.iter_any():
                    await stream.write(chunk)
            finally:
                del self._transports[stream]
            return stream


@asynccontextmanager
async def bad_network(target: str) -> AsyncIterator[Network]:
    """Have a network between a browser and a server, good until told otherwise.

    Args:
        target: Where the server is, without a slash at the end.
    """
    timeout = aiohttp.ClientTimeout(total=None)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        network = Network(target, http)
        app = web.Application(client_max_size=MOST_BYTES)
        app.router.add_route("*", "/{path:.*}", network.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        network.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield network
        await runner.cleanup()
