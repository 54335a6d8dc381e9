"""Broadcasts: previewed, begun once, counted, stopped."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from services.domain.broadcasts import Audience, Broadcast
from tests.conftest import sqlite_template
from tests.handlers.chat import ADMIN, Chat, Product, running_product
from tests.services.kit import jpeg


@pytest_asyncio.fixture(loop_scope="session")
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """A product of its own: a broadcast goes to everybody."""
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())
    async with running_product(
        f"sqlite+aiosqlite:///{path}", telegram_messages_per_second=1000
    ) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def admin(product: Product) -> Chat:
    admin = product.newcomer(user_id=ADMIN)
    await admin.say("/start")
    return admin


async def newest(product: Product) -> Broadcast:
    async with product.database.transaction() as tx:
        return (await tx.broadcasts.newest(1))[0]


async def people(product: Product, *languages: str) -> list[Chat]:
    found = [product.newcomer(language) for language in languages]
    for one in found:
        await one.say("/start")
    return found


async def test_it_is_shown_first_and_reaches_each_of_its_language_once(
    product: Product, admin: Chat
) -> None:
    russians, english = await people(product, "ru", "ru"), await people(product, "en")
    await russians[1].block(blocked=True)
    await admin.forge("console:casts")
    await admin.press("cast:new")
    await admin.say("Новые <идеи> для картинок")
    preview, question = admin.messages[-2:]
    assert preview.text == "Новые <идеи> для картинок"
    assert question.text == admin.words("console-broadcast-audience")
    assert not any(data.endswith(":payers") for data in question.data)
    await admin.press("cast:ask:", ":ru")
    assert admin.last.text == admin.words("console-broadcast-sure", count=2)
    send = next(data for data in admin.last.data if data.startswith("cast:send:"))
    assert await admin.forge(send) != admin.words("error-stale-button")
    assert await admin.forge(send) == admin.words("error-stale-button")
    await admin.until_said(admin.words("console-sent-done"))
    await admin.until(lambda: any("2" in said.text for said in admin.messages))
    found = await newest(product)
    assert (found.audience_size, found.delivered, found.blocked, found.failed) == (2, 1, 1, 0)
    words = "Новые <идеи> для картинок"
    assert [one.texts.count(words) for one in (russians[0], *english)] == [1, 0]


async def test_a_photo_with_words_reaches_everybody(product: Product, admin: Chat) -> None:
    others = await people(product, "en", "ru")
    await admin.forge("cast:new:-:")
    await admin.send(jpeg(3))
    await admin.press("cast:ask:", ":all")
    await admin.press("cast:send:")
    await admin.until_said(admin.words("console-sent-done"))
    assert all(one.last.is_picture for one in others)


async def test_it_can_be_stopped(product: Product, admin: Chat) -> None:
    await people(product, "en", "en", "en")
    product.sandbox.state.wire.faults.add(
        {"service": "telegram", "match": "/sendMessage", "kind": "slow", "seconds": 2, "times": 0}
    )
    async with product.database.transaction() as tx:
        draft = Broadcast(id="draft", admin_id=ADMIN, text="hello")
        await tx.broadcasts.add(draft)
    await admin.forge(f"cast:send:{draft.id}:{Audience.ALL}")
    await admin.forge(f"cast:stop:{draft.id}:")
    product.sandbox.state.wire.faults.remove()
    await admin.until_said(admin.words("console-sent-stopped"))
    found = await newest(product)
    assert found.delivered < found.audience_size == 4
    assert await admin.forge(f"cast:stop:{draft.id}:") == admin.words("error-stale-button")


async def test_who_is_blocked_by_an_admin_is_told_nothing(product: Product, admin: Chat) -> None:
    (kept_out,) = await people(product, "en")
    await admin.forge(f"person:{kept_out.id}:block")
    await admin.say("spam")
    await admin.forge("cast:new:-:")
    await admin.say("News")
    await admin.press("cast:ask:", ":all")
    assert admin.last.text == admin.words("console-broadcast-sure", count=1)


async def test_back_leaves_the_question(admin: Chat) -> None:
    await admin.forge("cast:new:-:")
    await admin.press("go:back")
    assert await admin.state() is None
