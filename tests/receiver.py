"""A program of a user's own: an HTTP server that keeps what it is sent."""

import asyncio
import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass
class Sent:
    """A message as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.body)
        return said

    def signatures(self, secret: str) -> tuple[str, list[str]]:
        """Return the signature there should be, and those there are."""
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signed = f"{self.id}.{self.headers['webhook-timestamp']}.".encode() + self.body
        right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return f"v1,{right}", self.headers["webhook-signature"].split(" ")

    def is_signed(self, secret: str) -> bool:
        right, given = self.signatures(secret)
        return right in given


@dataclass
class Receiver:
    """What has come, and what is answered: `statuses` first, then 204."""

    port: int = 0
    sent: list[Sent] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    location: str = ""
    retry_after: str = ""
    pause_s: float = 0.0
    is_endless: bool = False
    came: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?key=of-their-own"

    async def until(self, count: int, within_s: float = 60) -> list[Sent]:
        """Wait for so many messages."""
        async with asyncio.timeout(within_s):
            while len(self.sent) < count:
                self.came.clear()
                await self.came.wait()
        return self.sent

    async def take(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.sent.append(Sent(headers, await request.read()))
        self.came.set()
        await asyncio.sleep(self.pause_s)
        status = self.statuses.pop(0) if self.statuses else 204
        if self.location:
            return web.Response(status=status, headers={"Location": self.location})
        if self.retry_after:
            return web.Response(status=status, headers={"Retry-After": self.retry_after})
        if self.is_endless:
            answer = web.StreamResponse(status=200)
            await answer.prepare(request)
            while True:
                await answer.write(b"x" * 1000)
        return web.Response(status=status)


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Run a receiver."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        receiver.port = runner.addresses[0][1]
        yield receiver
    finally:
        await runner.cleanup()
