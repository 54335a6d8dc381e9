"""A running emulator on loopback, and the real fal_client pointed at it."""

import ssl
from collections.abc import AsyncIterator

import fal_client
import fal_client.client
import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sandbox.fal import FalEmulator, add_fal_routes
from tests.sandbox.fal.fal_kit import KEY, Fal, WallClock


@pytest.fixture(scope="session")
def tls() -> ssl.SSLContext:
    """One for all clients: loading the certificates is most of what a client costs."""
    return httpx.create_ssl_context()


@pytest.fixture
async def fal(tls: ssl.SSLContext) -> AsyncIterator[Fal]:
    wall = WallClock()
    emulator = FalEmulator(key="sandbox-id:sandbox-secret", now=wall)
    app = web.Application()
    add_fal_routes(app, emulator, prefix="/fal")
    server = TestServer(app)
    await server.start_server()
    url = str(server.make_url("")).rstrip("/")
    async with httpx.AsyncClient(headers=KEY, timeout=20, verify=tls) as http:
        yield Fal(emulator, url, http, wall)
    await server.close()


@pytest.fixture
async def client(
    fal: Fal, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[fal_client.AsyncClient]:
    # These constants are the only seam fal_client has: no argument or variable covers them.
    monkeypatch.setattr(fal_client.client, "QUEUE_URL_FORMAT", f"{fal.queue}/")
    monkeypatch.setattr(fal_client.client, "RUN_URL_FORMAT", f"{fal.url}/fal/run/")
    monkeypatch.setattr(fal_client.client, "REST_URL", f"{fal.url}/fal/rest")
    monkeypatch.setattr(fal_client.client, "CDN_URL", f"{fal.url}/fal/cdn")
    made = fal_client.AsyncClient(key="sandbox-id:sandbox-secret")
    yield made
    await (await made._client).aclose()
