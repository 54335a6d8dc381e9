"""One product for all tests of a session that chat, as composing takes longer than a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from tests.conftest import sqlite_template
from tests.handlers.chat import Chat, Product, running_product

HERE = "tests/handlers/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that use the shared product run on its event loop."""
    for item in items:
        if item.nodeid.startswith(HERE) and "product" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@asynccontextmanager
async def new_product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """Run a product over a sandbox, with one database for all people."""
    path = tmp_path_factory.mktemp("handlers") / "bot.db"
    path.write_bytes(sqlite_template())
    async with running_product(f"sqlite+aiosqlite:///{path}", two_models="on") as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product that all tests share but those that say otherwise."""
    async with new_product(tmp_path_factory) as running:
        yield running


@pytest.fixture
def chat(product: Product) -> Chat:
    """The chat of a person who speaks English and has never met the bot."""
    return product.newcomer()


@pytest.fixture
def stranger(product: Product) -> Chat:
    """Somebody else's chat."""
    return product.newcomer()
