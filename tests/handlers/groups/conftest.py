"""A product whose operator lets the bot answer in groups, and a group with two people."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sandbox.fal.endpoints import Family
from sandbox.fal.files import Lifecycle
from sandbox.fal.lora import Lora
from sandbox.telegram.groups import Groups
from sandbox.telegram.model import Message
from sandbox.telegram.people import People
from tests.conftest import sqlite_template
from tests.handlers.chat import Chat, Product, running_product
from tests.services.kit import jpeg, keep_model

NAME = "neurophoto_sandbox_bot"


@dataclass
class Group:
    """A group, and what is written in it."""

    product: Product
    groups: Groups
    id: int

    async def write(self, chat: Chat, text: str, reply_to: int | None = None) -> int:
        """Write, and have the bot handle it; return the id of the message."""
        written = self.groups.write(self.id, chat.id, text, reply_to)
        await self.product.handle()
        return written.message_id

    @property
    def said(self) -> list[Message]:
        found = self.product.sandbox.state.telegram.messages(self.id)
        return [message for message in found if message.from_bot]

    @property
    def texts(self) -> list[str]:
        return [str(message.body.get("text") or message.body["caption"]) for message in self.said]


@pytest.fixture
async def selling() -> dict[str, Any]:
    """What the operator sells by; nothing."""
    return {}


@pytest.fixture
async def open_product(tmp_path: Path, selling: dict[str, Any]) -> AsyncIterator[Product]:
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())
    url = f"sqlite+aiosqlite:///{path}"
    async with running_product(url, groups="on", **selling) as running:
        yield running


@pytest.fixture
async def chat(open_product: Product) -> Chat:
    """The private chat of somebody who is known and has a model."""
    anna = open_product.newcomer()
    await anna.say("/start")
    lora = Lora(Family.FLUX_1, (), None, 1000, (jpeg(1),))
    files = open_product.sandbox.state.fal.files
    kept = files.add("w.safetensors", "binary/octet-stream", lora.to_bytes(), Lifecycle())
    url = f"{open_product.sandbox.fal_url}/cdn/{kept.path}"
    await keep_model(open_product.database, url, anna.id)
    return anna


@pytest.fixture
async def group(open_product: Product, chat: Chat) -> Group:
    telegram = open_product.sandbox.state.telegram
    groups = Groups(telegram, People(telegram))
    made = groups.make("Friends", chat.id)
    await open_product.handle()
    return Group(open_product, groups, made.id)


async def allow(chat: Chat) -> None:
    """Allow pictures in groups, by way of the settings."""
    await chat.say("/settings")
    await chat.press("groups:show")
    await chat.press("groups:allow")
