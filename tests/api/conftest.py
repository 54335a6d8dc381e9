"""One product with its API for all tests of a session, as composing takes longer than a test."""

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import pytest_asyncio

from api.app import Served, build_app
from api.callers import Limits
from api.limits import RateLimit
from bot.listener import listening
from bot.web import serving
from tests.api.kit import Caller
from tests.conftest import sqlite_template
from tests.handlers.chat import Product, running_product

HERE = "tests/api/"

Newcomer = Callable[[], Awaitable[Caller]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the shared product run on its event loop."""
    for item in items:
        if item.nodeid.startswith(HERE) and "product" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product over a sandbox, with one database for all people."""
    path = tmp_path_factory.mktemp("api") / "bot.db"
    path.write_bytes(sqlite_template())
    async with running_product(
        f"sqlite+aiosqlite:///{path}", http_port=1, two_models="on"
    ) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http(product: Product) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of the API, which asks as often as it likes."""

    async def untroubled() -> list[str]:
        return []

    often = RateLimit(burst=10**6, per_minute=10**6)
    with listening("127.0.0.1", 0) as listener:
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = build_app(
            Served(untroubled, path="/np", api=product.api), Limits(often, often, often)
        )
        async with serving(app, listener), aiohttp.ClientSession(base) as client:
            yield client


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(product: Product, http: aiohttp.ClientSession) -> Newcomer:
    """Make people who know the bot, and call as the Mini App does."""

    async def make() -> Caller:
        chat = product.newcomer()
        await chat.say("/start")
        return await Caller(product, http, chat).opens()

    return make


@pytest_asyncio.fixture(loop_scope="session")
async def caller(newcomer: Newcomer) -> Caller:
    """A person who calls as the Mini App does."""
    return await newcomer()


@pytest_asyncio.fixture(loop_scope="session")
async def stranger(newcomer: Newcomer) -> Caller:
    """Somebody else."""
    return await newcomer()
