"""A program does what its owner does in the chat, through the real process."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e import pictures
from tests.e2e.driver import Person
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

PATIENCE_S = 120


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture
def bot(server: str, tmp_path: Path, port: int) -> Iterator[Process]:
    process = bot_process(server, tmp_path, HTTP_PORT=str(port))
    start_bot(process)
    yield process
    process.kill()
    assert not complaints_in(process.printed()), process.printed()


@pytest.fixture
async def http(port: int) -> AsyncIterator[aiohttp.ClientSession]:
    # The bot is killed now and then; a connection that was kept would be one to the dead.
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector) as http:
        yield http


async def key_of(person: Person) -> dict[str, str]:
    said = await person.say("/apikey")
    await person.press("apinew:train", after=said)
    shown = await person.sees("np_", after=said)
    (key,) = re.findall(r"np_[\w-]{43}", shown["text"])
    return {"Authorization": f"Bearer {key}"}


async def posted(
    http: aiohttp.ClientSession, path: str, key: dict[str, str], word: str, **body: object
) -> Any:  # noqa: ANN401  # JSON
    headers = key | {"Idempotency-Key": word}
    async with http.post(path, json=body, headers=headers) as answer:
        assert answer.status == 202, await answer.text()
        return await answer.json()


async def told(http: aiohttp.ClientSession, path: str, key: dict[str, str]) -> str:
    async with asyncio.timeout(PATIENCE_S), http.get(path, headers=key) as answer:
        return await answer.text()


async def test_a_script_trains_and_generates_and_the_chat_tells_it(
    bot: Process, person: Person, http: aiohttp.ClientSession
) -> None:
    key = await key_of(person)
    form = aiohttp.FormData()
    for number, photo in enumerate(pictures.photos(5)):
        form.add_field("photos", photo, filename=f"{number}.jpg")
    path = "/api/upload-photos?consent=true"
    async with asyncio.timeout(PATIENCE_S), http.post(path, data=form, headers=key) as answer:
        assert answer.status == 200, await answer.text()
        sent = (await answer.json())["photos"]
    assert [one["status"] for one in sent] == ["accepted"] * 5
    wishes = {"model_name": "Anna", "gender": "woman", "consent": True}
    word = str(uuid.uuid4())
    started = await posted(http, "/api/train", key, word, **wishes)
    # Killed in the middle, it goes on, and the same request is the same training.
    bot.kill()
    start_bot(bot)
    assert await posted(http, "/api/train", key, word, **wishes) == started
    events = await told(http, f"/api/train/status/{started['model_id']}/events", key)
    assert '"status":"completed"' in events
    await person.told_ready()
    said = await person.last_id()
    order = {"prompt": "portrait photo", "model_id": started["model_id"]}
    made = await posted(http, "/api/generate", key, str(uuid.uuid4()), **order)
    events = await told(http, f"/api/generations/{made['id']}/events", key)
    assert '"status":"made"' in events
    await person.gets_picture(after=said)


async def test_a_key_outlives_the_process(
    bot: Process, person: Person, http: aiohttp.ClientSession
) -> None:
    key = await key_of(person)
    async with http.get("/api/me", headers=key) as answer:
        assert (await answer.json())["id"] == person.id
    assert bot.stop() == 0
    start_bot(bot)
    async with http.get("/api/me", headers=key) as answer:
        assert answer.status == 200
