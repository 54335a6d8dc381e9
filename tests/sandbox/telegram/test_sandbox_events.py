"""The event stream: everything a page needs to follow a chat and to resume."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiogram import Bot

from sandbox.events import WAIT_S
from sandbox.server import RunningSandbox
from tests.sandbox.telegram.clients import Drain, Person


class Stream:
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self, *kinds: str) -> dict[str, Any]:
        """The next event of one of these types (state and call events are passed over)."""
        async for line in self.response.content:
            if line.startswith(b"data: "):
                event: dict[str, Any] = json.loads(line[6:])
                if event["type"] in kinds or (
                    not kinds and event["type"] not in {"call", "state"}
                ):
                    return event
        pytest.fail("the stream ended")


@asynccontextmanager
async def following(
    http: aiohttp.ClientSession,
    sandbox: RunningSandbox,
    headers: dict[str, str] | None = None,
    **query: int,
) -> AsyncIterator[Stream]:
    url = f"{sandbox.url}/sandbox/events"
    async with http.get(url, params=query, headers=headers) as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readline() == b": connected\n"
        yield Stream(response)


async def test_a_chat_can_be_followed(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, bot: Bot, chat: int, person: Person
) -> None:
    keyboard: Any = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    async with following(http, sandbox, user=chat) as stream:
        await bot.send_chat_action(chat, "upload_photo")
        assert (await stream.next())["action"] == "upload_photo"
        sent = await bot.send_message(chat, "1", reply_markup=keyboard)
        event = await stream.next()
        assert (event["type"], event["message"]["text"]) == ("message", "1")
        assert event["message"]["reply_markup"] == keyboard
        pressed = (await person.click(sent.message_id, data="a"))["callback_query_id"]
        await bot.answer_callback_query(pressed, text="ok", show_alert=True)
        event = await stream.next()
        assert {key: event[key] for key in event if key != "seq"} == {
            "type": "callback_answered",
            "chat_id": chat,
            "id": pressed,
            "message_id": sent.message_id,
            "data": "a",
            "text": "ok",
            "show_alert": True,
        }
        await bot.edit_message_text("2", chat_id=chat, message_id=sent.message_id)
        event = await stream.next()
        assert (event["type"], event["message"]["text"]) == ("edited", "2")
        await bot.delete_message(chat, sent.message_id)
        assert (await stream.next())["message_ids"] == [sent.message_id]
        await bot.set_my_commands([])
        assert (await stream.next())["type"] == "commands"
        call = (await stream.next("call"))["call"]
        assert call["path"] == "/bot***/setMyCommands"
        await person.ask("POST", "reset")
        assert (await stream.next())["type"] == "reset"


async def test_other_chats_are_not_followed(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, person: Person
) -> None:
    await person.ask("POST", "users", 201, json={"first_name": "Second"})
    async with following(http, sandbox, user=1001) as stream:
        await person.write("not for the first", user=1002)
        await person.write("for the first")
        assert (await stream.next())["message"]["text"] == "for the first"


async def test_a_stream_resumes_after_the_last_seen_event(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, person: Person
) -> None:
    await person.write("one")
    snapshot = await person.ask("GET", "chats/1001/messages")
    await person.write("two")
    async with following(http, sandbox, user=1001, after=snapshot["seq"]) as stream:
        event = await stream.next()
        assert event["message"]["text"] == "two"
    await person.write("three")
    headers = {"Last-Event-ID": str(event["seq"])}
    async with following(http, sandbox, headers, user=1001, after=0) as stream:
        assert (await stream.next())["message"]["text"] == "three"
    async with following(http, sandbox, user=1001, after=0) as stream:
        assert (await stream.next())["message"]["text"] == "one"


@pytest.mark.parametrize("seen", ["5", "99999999999999"])
async def test_a_reader_who_missed_something_is_told_to_load_again(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, person: Person, seen: str
) -> None:
    await person.write("before")
    async with following(http, sandbox, {"Last-Event-ID": seen}, user=1001) as stream:
        assert (await stream.next())["type"] == "reset"
        await person.write("after")
        assert (await stream.next())["message"]["text"] == "after"


@pytest.mark.usefixtures("chat")
async def test_reset_empties_chats_but_ids_go_on(bot: Bot, person: Person, drain: Drain) -> None:
    last = (await person.write("old"))["message_id"]
    (update,) = await drain(bot)
    await person.ask("POST", "users", 201, json={"first_name": "Second"})
    await person.write("waiting")
    await person.ask("POST", "reset")
    assert await person.messages() == []
    assert len((await person.ask("GET", "state"))["users"]) == 1
    assert await person.calls() == []
    assert (await person.write("new"))["message_id"] > last
    (fresh,) = await drain(bot)
    assert fresh.update_id > update.update_id
    assert fresh.message.text == "new"


async def test_a_chat_is_shown_once_something_has_happened_in_it(
    bot: Bot, chat: int, person: Person
) -> None:
    async def shown(after: int) -> tuple[list[str], int]:
        answer = await person.ask("GET", f"chats/{chat}/messages", params={"after": after})
        return [message.get("text", "") for message in answer["messages"]], answer["seq"]

    await person.ask("POST", "users", 201, json={"id": 4004, "first_name": "Eve"})
    before, seen = await shown(0)

    async def something_happens() -> int:
        # What is of no chat, or of another one, is not worth looking for.
        await bot.set_my_commands([])
        await person.write("of another chat", user=4004)
        return (await bot.send_message(chat, "news")).message_id

    (texts, seen), sent_id = await asyncio.gather(shown(seen), something_happens())
    assert texts == [*before, "news"]
    # What has happened before it was asked is not waited for.
    await bot.edit_message_text("newer", chat_id=chat, message_id=sent_id)
    at = time.monotonic()
    texts, seen = await shown(seen)
    assert texts == [*before, "newer"]
    assert time.monotonic() - at < WAIT_S / 2
    # Where nothing happens, the same is shown again.
    assert (await shown(seen))[0] == texts
    assert time.monotonic() - at >= WAIT_S
    refused = await person.ask("GET", f"chats/{chat}/messages", 400, params={"after": "now"})
    assert "after" in str(refused)
    (texts, _), _ = await asyncio.gather(shown(seen), person.ask("POST", "reset"))
    assert texts == []
