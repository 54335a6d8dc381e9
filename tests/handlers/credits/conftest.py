"""A product whose users pay, for all tests of this folder."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conftest import sqlite_template
from tests.handlers.chat import Product, running_product


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def product(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Product]:
    """The product with PAYMENTS=stars and prices that are easy to tell."""
    folder = tmp_path_factory.mktemp("credits")
    (folder / "bot.db").write_bytes(sqlite_template())
    prices = folder / "prices.toml"
    prices.write_text(
        '[training."fal-ai/flux-lora-fast-training"]\neconomy = 60\nstandard = 90\n'
        '[pictures."fal-ai/flux-lora"]\nstandard = 12\nhd = 20\n'
        '[enlarging."fal-ai/seedvr/upscale/image"]\nstandard = 7\n'
    )
    url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    async with running_product(
        url,
        payments="stars",
        star_packs="100, 250+15",
        prices_file=str(prices),
        preview_images=0,
        prompt_model="off",
    ) as running:
        yield running
