"""A product whose users pay, for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.handlers.chat import Product
from tests.handlers.credits.paying import running_shop


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product with PAYMENTS=stars and prices that are easy to tell."""
    async with running_shop(tmp_path_factory.mktemp("credits")) as running:
        yield running
