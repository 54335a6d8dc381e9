"""Faults and the journal: what happens on the wire between the bot and Telegram."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile

from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import Person, Picture, RawApi


async def fault(person: Person, kind: str, **more: object) -> int:
    wanted: dict[str, object] = {
        "service": "telegram",
        "match": "sendMessage",
        "kind": kind,
        **more,
    }
    return int(await person.fault(**wanted))


async def test_a_status_strikes_once_by_default(bot: Bot, chat: int, person: Person) -> None:
    await fault(person, "status", status=500)
    await bot.get_me()
    with pytest.raises(TelegramServerError):
        await bot.send_message(chat, "x")
    await bot.send_message(chat, "x")
    assert (await person.ask("GET", "state"))["faults"] == []


async def test_an_html_page_of_a_front_end(bot: Bot, chat: int, person: Person) -> None:
    await fault(person, "html", status=502)
    with pytest.raises(ClientDecodeError, match="nginx"):
        await bot.send_message(chat, "x")


async def test_a_body_of_ones_own(raw: RawApi, chat: int, person: Person) -> None:
    body = {"ok": False, "error_code": 403, "description": "Forbidden: user is deactivated"}
    await fault(person, "status", status=403, body=body)
    assert await raw("sendMessage", 403, chat_id=chat, text="x") == body


async def test_flood_says_how_long_to_wait(bot: Bot, chat: int, person: Person) -> None:
    await fault(person, "flood", seconds=7)
    with pytest.raises(TelegramRetryAfter) as caught:
        await bot.send_message(chat, "x")
    assert caught.value.retry_after == 7


@pytest.mark.parametrize("kind", ["hang_after", "slow"])
async def test_a_call_that_goes_on_is_a_hit_no_sooner_than_it_is_whole(
    http: aiohttp.ClientSession, raw: RawApi, chat: int, person: Person, kind: str
) -> None:
    await fault(person, kind, seconds=0)
    half_is_there = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        yield f"chat_id={chat}&te".encode()
        await half_is_there.wait()
        yield b"xt=said"

    async def say() -> None:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        gone = pytest.raises(aiohttp.ServerDisconnectedError)
        with gone if kind == "hang_after" else nullcontext():
            await http.post(f"{raw.base}/sendMessage", data=body(), headers=form)

    async def look() -> None:
        [met] = (await person.ask("GET", "state"))["faults"]
        while not met["pending"]:
            [met] = (await person.ask("GET", "state"))["faults"]
        assert met["hits"] == 0
        half_is_there.set()
        while (await person.ask("GET", "state"))["faults"]:
            pass
        if kind == "hang_after":
            assert (await person.messages())[-1]["text"] == "said"

    await asyncio.gather(say(), look())
    assert (await person.messages())[-1]["text"] == "said"


@pytest.mark.parametrize("kind", ["hang_after", "slow"])
async def test_a_call_that_cannot_be_read_ends_its_fault(
    http: aiohttp.ClientSession, raw: RawApi, person: Person, kind: str
) -> None:
    await fault(person, kind, seconds=0)
    says = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    async with http.post(f"{raw.base}/sendMessage", data=b"hello", headers=says) as answer:
        assert answer.status >= 400
    assert (await person.ask("GET", "state"))["faults"] == []


async def test_a_drop_before_does_nothing_and_a_drop_after_does_everything(
    bot: Bot, chat: int, person: Person
) -> None:
    for kind, sent in (("drop_before", 0), ("drop_after", 1)):
        await fault(person, kind)
        with pytest.raises(TelegramNetworkError):
            await bot.send_message(chat, kind)
        texts = [message["text"] for message in await person.messages()]
        assert texts.count(kind) == sent
    dropped = [call for call in await person.calls() if call["status"] == 0]
    assert len(dropped) == 2
    assert dropped[1]["response"]["ok"] is True


async def test_hang_and_slow_take_their_time(bot: Bot, chat: int, person: Person) -> None:
    await fault(person, "slow", seconds=0.3)
    started = time.monotonic()
    await bot.send_message(chat, "x")
    assert time.monotonic() - started >= 0.3
    await fault(person, "hang")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(chat, "x", request_timeout=1)


async def test_a_trickle_is_whole_and_slow(bot: Bot, chat: int, person: Person) -> None:
    await fault(person, "trickle", seconds=0.3)
    started = time.monotonic()
    message = await bot.send_message(chat, "x")
    assert message.text == "x"
    assert time.monotonic() - started >= 0.2
    await fault(person, "trickle", seconds=60)
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(chat, "y", request_timeout=1)
    # The work was done, as it is when a client gives up on a slow answer.
    assert [message["text"] for message in await person.messages()].count("y") == 1


async def test_updates_delivered_twice_are_the_same_though_confirmed(
    bot: Bot, person: Person
) -> None:
    await person.fault(service="telegram", kind="duplicate")
    # No updates, no hit.
    assert await bot.get_updates(timeout=0) == []
    await person.write("once")
    first = await bot.get_updates(timeout=0)
    offset = first[-1].update_id + 1
    second = await bot.get_updates(offset=offset, timeout=0)
    assert [update.update_id for update in second] == [update.update_id for update in first]
    assert await bot.get_updates(offset=offset, timeout=0) == []


async def test_reordered_updates_come_last_first(bot: Bot, person: Person) -> None:
    await person.fault(service="telegram", kind="reorder")
    for text in ("a", "b", "c"):
        await person.write(text)
    texts = [[u.message.text for u in await bot.get_updates() if u.message] for _ in range(2)]
    assert texts == [["c", "b", "a"], ["a", "b", "c"]]


async def test_an_outage_lasts_until_it_is_removed(bot: Bot, person: Person) -> None:
    number = await person.fault(service="telegram", kind="status", status=500, times=0)
    for _ in range(3):
        with pytest.raises(TelegramServerError):
            await bot.get_me()
    assert (await person.ask("GET", "state"))["faults"][0]["hits"] == 3
    await person.ask("DELETE", f"faults/{number}")
    await bot.get_me()
    await person.fault(service="telegram", kind="status", times=0)
    assert await person.ask("DELETE", "faults") == {"removed": 1}
    await bot.get_me()


async def test_an_outage_can_end_by_itself(bot: Bot, person: Person) -> None:
    await person.fault(service="telegram", kind="status", times=0, for_s=0.2)
    with pytest.raises(TelegramServerError):
        await bot.get_me()
    deadline = time.monotonic() + 60
    while (await person.ask("GET", "state"))["faults"]:
        assert time.monotonic() < deadline
    await bot.get_me()


async def test_a_fault_strikes_fal_too(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, person: Person
) -> None:
    await person.fault(service="fal", match="/fal/queue", kind="html", status=503)
    async with http.get(f"{sandbox.fal_url}/queue/fal-ai/flux-lora/requests/x/status") as response:
        assert response.status == 503
        assert response.content_type == "text/html"


@pytest.mark.parametrize(
    "wanted",
    [
        {"service": "moon", "kind": "status"},
        {"service": "telegram", "kind": "explode"},
        {"service": "telegram", "kind": "status", "status": 42},
        {"service": "telegram", "kind": "status", "times": -1},
        {"service": "fal", "kind": "flood"},
        {"service": "fal", "kind": "duplicate"},
        {"service": "telegram", "kind": "slow", "secnods": 1},
        {"service": "telegram", "kind": "slow", "seconds": "long"},
    ],
)
async def test_faults_that_cannot_be_are_refused(person: Person, wanted: dict[str, Any]) -> None:
    refused = await person.ask("POST", "faults", 400, json=wanted)
    assert refused["error"]


async def test_calls_are_recorded_without_secrets(
    bot: Bot,
    chat: int,
    person: Person,
    sandbox: RunningSandbox,
    picture: Picture,
    http: aiohttp.ClientSession,
) -> None:
    before = (await person.calls())[-1]["seq"]
    token, key = sandbox.config.telegram.token, sandbox.config.fal_key
    message = await bot.send_photo(
        chat, BufferedInputFile(picture(), "a.jpg"), caption=f"{token} and {'x' * 900}"
    )
    assert message.photo is not None
    await bot.download(message.photo[-1])
    headers = {"Authorization": f"Key {key}"}
    async with http.post(
        f"{sandbox.fal_url}/queue/fal-ai/flux-lora", json={"prompt": key}, headers=headers
    ) as response:
        await response.read()
    calls = await person.calls(after=before)
    assert [(call["service"], call["path"]) for call in calls] == [
        ("telegram", "/bot***/sendPhoto"),
        ("telegram", "/bot***/getFile"),
        ("telegram", "/file/bot***/photos/file_0.jpg"),
        ("fal", "/fal/queue/fal-ai/flux-lora"),
    ]
    assert calls[0]["request"]["caption"].startswith("*** and x")
    assert any("bytes" in str(value) for value in calls[0]["request"].values())
    assert calls[2]["response"].endswith("bytes application/octet-stream>")
    assert calls[3]["request"] == {"prompt": "***"}
    assert token not in str(calls)
    assert key not in str(calls)
    assert await person.calls(service="fal", after=before) == calls[3:]
    assert await person.calls(match="GET /file/", after=before) == calls[2:3]
    await person.ask("GET", "calls?service=moon", 400)
