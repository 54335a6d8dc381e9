"""An S3 server, and a web server in fal's place."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import web

from services.copies.store import StoreSettings
from services.fal.client import FalClient
from tests.s3_server import s3_server


@pytest.fixture
def s3(tmp_path: Path) -> Iterator[StoreSettings]:
    with s3_server(tmp_path / "s3") as settings:
        yield settings


class Files:
    """What fal's CDN has: bodies by path, or a status in their place."""

    def __init__(self) -> None:
        self.bodies: dict[str, bytes | int] = {}
        self.asked: list[str] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path.removeprefix("/cdn")
        self.asked.append(path)
        body = self.bodies.get(path, 404)
        return web.Response(status=body) if isinstance(body, int) else web.Response(body=body)


@pytest.fixture
async def files() -> AsyncIterator[Files]:
    files = Files()
    application = web.Application()
    application.router.add_get("/cdn/{path:.*}", files.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    files.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield files
    await runner.cleanup()


@pytest.fixture
async def fal(files: Files) -> AsyncIterator[FalClient]:
    async with FalClient("key:secret", files.url) as client:
        yield client
