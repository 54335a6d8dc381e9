"""Flood limits: sends and edits share a bucket, other calls are free."""

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramRetryAfter
from aiogram.types import BufferedInputFile, InputMediaPhoto

from sandbox.server import SandboxConfig
from sandbox.telegram import Bucket, FloodLimits, TelegramConfig
from sandbox.telegram.flood import FloodGate
from tests.sandbox.telegram.clients import Person, Picture, RawApi


@pytest.fixture
def config() -> SandboxConfig:
    flood = FloodLimits(chat_second=Bucket(burst=3, per_second=0.5))
    return SandboxConfig(port=0, telegram=TelegramConfig(flood=flood, busy_loop_guard=False))


@pytest.fixture
async def used_up(bot: Bot, chat: int) -> int:
    message = await bot.send_message(chat, "1")
    for text in ("2", "3"):
        await bot.edit_message_text(text, chat_id=chat, message_id=message.message_id)
    return message.message_id


async def test_sends_and_edits_get_429_with_retry_after(
    raw: RawApi, http: aiohttp.ClientSession, chat: int, used_up: int
) -> None:
    params: dict[str, str | int] = {"chat_id": chat, "text": "4"}
    async with http.post(f"{raw.base}/sendMessage", data=params) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "2"
        assert await response.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 2",
            "parameters": {"retry_after": 2},
        }
    await raw("editMessageText", 429, message_id=used_up, **params)


async def test_waiting_as_told_is_enough(
    bot: Bot, person: Person, chat: int, used_up: int
) -> None:
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.edit_message_text("4", chat_id=chat, message_id=used_up)
    await person.later(caught.value.retry_after)
    await bot.edit_message_text("4", chat_id=chat, message_id=used_up)


async def test_other_calls_are_free(bot: Bot, chat: int, used_up: int) -> None:
    await bot.send_chat_action(chat, "typing")
    await bot.delete_message(chat, used_up)


async def test_an_album_counts_each_item_and_is_refused_whole(
    bot: Bot, chat: int, picture: Picture, person: Person
) -> None:
    await bot.send_message(chat, "1")
    media = [InputMediaPhoto(media=BufferedInputFile(picture(), "a.jpg")) for _ in range(3)]
    with pytest.raises(TelegramRetryAfter):
        await bot.send_media_group(chat, list(media))
    assert len(await person.messages()) == 2
    await person.later(2)
    await bot.send_media_group(chat, list(media))


@pytest.mark.usefixtures("used_up")
async def test_chats_have_their_own_buckets(bot: Bot, person: Person) -> None:
    await person.ask("POST", "users", 201, json={"first_name": "Second"})
    await person.write("/start", user=1002)
    await bot.send_message(1002, "hello")


async def test_the_default_limits_let_a_conversation_pass() -> None:
    gate = FloodGate(FloodLimits())
    # Ten answers at once, then a progress edit every three seconds for half an hour.
    for _ in range(10):
        gate.spend(1, 0.0)
    for n in range(600):
        gate.spend(1, 1.0 + 3 * n)
