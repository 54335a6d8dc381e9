"""A product for each file: an admin sees what everybody does, and is told of what goes wrong."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.handlers.chat import Product
from tests.handlers.conftest import new_product


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product, with the jobs and failures of one file only."""
    async with new_product(tmp_path_factory) as running:
        yield running
