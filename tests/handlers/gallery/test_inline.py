"""Inline mode: one's own favourites, page by page, and nobody else's."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from handlers.gallery.inline import A_PAGE
from sandbox.telegram.inline import ask
from tests.conftest import sqlite_template
from tests.handlers.chat import ADMIN, Chat, Product, running_product


@pytest_asyncio.fixture(loop_scope="session")
async def product(tmp_path: Path) -> AsyncIterator[Product]:
    """A product whose operator has switched inline mode on."""
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())
    async with running_product(f"sqlite+aiosqlite:///{path}", inline="on") as running:
        telegram = running.sandbox.state.telegram
        telegram.scenario = telegram.scenario.model_copy(update={"inline": True})
        yield running


async def offered(chat: Chat, query: str = "", offset: str = "") -> dict[str, Any]:
    telegram = chat.product.sandbox.state.telegram
    asked = ask(telegram, telegram.users[chat.id], query, offset)
    await chat.product.handle()
    answer = telegram.inline[asked.id].answer
    assert answer is not None
    return answer


async def with_favourites(chat: Chat, *prompts: str) -> list[str]:
    """Give the person a favourite for each prompt; return the pictures' ids, newest first."""
    model = await chat.has_model()
    ids: list[str] = []
    for prompt in prompts:
        result = await chat.has_sent_result(model, prompt=prompt)
        async with chat.product.database.transaction() as tx:
            (picture,) = await tx.pictures.all_of(result.id)
            await tx.pictures.set_favourite(picture.id, is_favourite=True)
        ids.insert(0, picture.id)
    return ids


def ids_of(answer: dict[str, Any]) -> list[str]:
    return [one["id"] for one in answer["results"]]


async def test_favourites_are_offered_newest_first_and_by_words(product: Product) -> None:
    chat, stranger = product.newcomer(), product.newcomer()
    await with_favourites(stranger, "the sea of somebody else")
    ids = await with_favourites(chat, "the sea", "a king")
    answer = await offered(chat)
    assert ids_of(answer) == ids
    assert (answer["cache_time"], answer["is_personal"], answer["next_offset"]) == (0, True, "")
    assert answer["button"] is None
    assert all("caption" not in one for one in answer["results"])
    assert ids_of(await offered(chat, "SEA")) == ids[1:]
    none = await offered(chat, "moon")
    assert none["results"] == []
    assert none["button"]["text"] == chat.words("inline-none-found")


async def test_more_than_a_page_goes_on_where_it_ended(product: Product) -> None:
    chat = product.newcomer()
    ids = await with_favourites(chat, *(f"picture {number}" for number in range(A_PAGE + 3)))
    first = await offered(chat)
    assert ids_of(first) == ids[:A_PAGE]
    second = await offered(chat, offset=first["next_offset"])
    assert ids_of(second) == ids[A_PAGE:]
    assert second["next_offset"] == ""
    for offset in ("nonsense", "gone:1", "::", f"{'x' * 60}:9"):
        assert await offered(chat, offset=offset) == {**second, "results": []}


async def test_who_has_none_is_led_to_the_bot_and_nobody_is_met(product: Product) -> None:
    chat = product.newcomer("ru")
    answer = await offered(chat)
    assert answer["results"] == []
    assert answer["button"]["text"] == chat.words("inline-none")
    async with product.database.transaction() as tx:
        assert await tx.users.get(chat.id) is None
    await chat.say(f"/start {answer['button']['start_parameter']}")
    assert chat.last.has("menu:")


async def test_who_is_blocked_is_offered_nothing(product: Product) -> None:
    admin, chat = product.newcomer(user_id=ADMIN), product.newcomer()
    await with_favourites(chat, "the sea")
    await admin.say("/start")
    await admin.forge(f"person:{chat.id}:block")
    await admin.say("spam")
    answer = await offered(chat)
    assert (answer["results"], answer["button"]) == ([], None)


async def test_an_answer_that_comes_too_late_is_no_error(product: Product) -> None:
    chat = product.newcomer()
    telegram = product.sandbox.state.telegram
    ask(telegram, telegram.users[chat.id], "", "")
    telegram.inline.clear()
    await product.handle()
    assert chat.messages == []
