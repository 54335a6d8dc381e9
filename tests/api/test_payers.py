"""Where users pay: prices in Stars, a balance, and 402 for who has too little."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest_asyncio

from api.app import Served, build_app
from bot.listener import listening
from bot.web import serving
from tests.api.kit import Caller
from tests.conftest import sqlite_template
from tests.handlers.chat import running_product


@pytest_asyncio.fixture
async def payer(tmp_path: Path) -> AsyncIterator[Caller]:
    """Somebody who pays, and has nothing."""
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())

    async def untroubled() -> list[str]:
        return []

    url = f"sqlite+aiosqlite:///{path}"
    async with running_product(url, http_port=1, payments="stars") as product:
        with listening("127.0.0.1", 0) as listener:
            base = f"http://127.0.0.1:{listener.getsockname()[1]}"
            app = build_app(Served(untroubled, api=product.api))
            async with serving(app, listener), aiohttp.ClientSession(base) as http:
                chat = product.newcomer()
                await chat.say("/start")
                yield await Caller(product, http, chat).opens()


async def test_who_pays_reads_prices_in_stars_and_is_told_what_is_missing(payer: Caller) -> None:
    trainer = (await payer.get("/prices")).body["trainers"][0]
    assert trainer["modes"][0]["price_stars"] > 0
    assert trainer["modes"][0]["price_usd"] is None
    assert trainer["picture_price_stars"] > 0
    nothing = {"available": 0, "held": 0, "subscription": None}
    assert (await payer.get("/balance")).body == nothing
    await payer.own_model()
    assert (await payer.get("/panel")).body["price_stars"] == trainer["picture_price_stars"]
    key = {"Idempotency-Key": str(uuid.uuid4())}
    asked = {"prompt": "a portrait"}
    refused = await payer.ask("POST", "/generate", json=asked, headers=key)
    assert (refused.status, refused.code) == (402, "credits-missing")
    async with payer.product.database.transaction() as tx:
        assert await tx.generations.latest_of(payer.id) is None
