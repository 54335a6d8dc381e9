"""What a person does with invoices."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sandbox.telegram.stars.checkouts import confirm
from sandbox.telegram.stars.records import Checkout, Invoice, Place
from tests.conftest import sqlite_template
from tests.handlers.chat import Chat, Product, running_product

PRICES = """
[training."fal-ai/flux-lora-fast-training"]
economy = 60
standard = 90
[pictures."fal-ai/flux-lora"]
standard = 12
hd = 20
[enlarging."fal-ai/seedvr/upscale/image"]
standard = 7
"""


@asynccontextmanager
async def running_shop(folder: Path, **changes: object) -> AsyncIterator[Product]:
    """The product with PAYMENTS=stars and prices that are easy to tell; `changes` are settings."""
    (folder / "bot.db").write_bytes(sqlite_template())
    prices = folder / "prices.toml"
    prices.write_text(PRICES)
    settings: dict[str, Any] = {
        "payments": "stars",
        "star_packs": "100, 250+15",
        "prices_file": str(prices),
        "preview_images": 0,
        "prompt_model": "off",
    }
    url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    async with running_product(url, **settings | changes) as running:
        yield running


def bills(chat: Chat) -> list[tuple[Place, Invoice]]:
    """The invoices in a chat, oldest first."""
    found = chat.product.sandbox.state.telegram.stars.bills
    return sorted((place, bill) for place, bill in found.items() if place[0] == chat.id)


def amounts(chat: Chat) -> list[int]:
    return [bill.amount for _, bill in bills(chat)]


def told(chat: Chat) -> tuple[str, str]:
    """What the newest invoice in a chat says."""
    bill = bills(chat)[-1][1]
    return bill.title, bill.description


async def pay(chat: Chat, number: int = -1) -> Checkout:
    """Press Pay on an invoice, the newest one, and let the bot answer and be told."""
    emulator = chat.product.sandbox.state.telegram
    place, bill = bills(chat)[number]
    (checkout, *_) = confirm(emulator, emulator.users[chat.id], bill, place)
    await chat.product.handle()
    await chat.product.handle()
    await chat.product.told()
    return checkout


async def pots(chat: Chat) -> tuple[int, int, int]:
    """What a person has, with a ledger that is in order."""
    async with chat.product.database.transaction() as tx:
        assert await tx.invariants.broken() == {}
        wallet = await tx.wallets.find(chat.id)
    return (wallet.paid, wallet.bonus, wallet.held) if wallet else (0, 0, 0)
