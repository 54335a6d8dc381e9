"""A user's program is told of each end by the real process: after failures, and after a kill."""

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.e2e.driver import Person, eventually
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot
from tests.e2e.test_api import key_of, posted
from tests.receiver import Receiver, receiving

PATIENCE_S = 90


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture
def bot(server: str, tmp_path: Path, port: int) -> Iterator[Process]:
    process = bot_process(server, tmp_path, HTTP_PORT=str(port), WEBHOOK_ALLOWED_HOSTS="127.0.0.1")
    start_bot(process)
    yield process
    process.kill()
    assert not complaints_in(process.printed()), process.printed()


@pytest.fixture
async def http(port: int) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector) as http:
        yield http


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as running:
        yield running


async def program_of(
    person: Person, http: aiohttp.ClientSession, receiver: Receiver
) -> tuple[dict[str, str], str]:
    """Have a person's program told; return the key it calls with, and the secret."""
    key = await key_of(person)
    async with http.put("/api/webhook", json={"url": receiver.url}, headers=key) as answer:
        assert answer.status == 200, await answer.text()
        secret = str((await answer.json())["secret"])
    await person.sees("127.0.0.1")
    return key, secret


async def test_each_end_is_told_once_and_again_where_it_did_not_arrive(
    bot: Process, person: Person, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    del bot
    key, secret = await program_of(person, http, receiver)
    receiver.statuses = [500]
    await person.own_model()
    # The second time after five seconds.
    first, second = await receiver.until(2, PATIENCE_S)
    assert (first.id, first.body) == (second.id, second.body)
    assert first.headers["webhook-timestamp"] < second.headers["webhook-timestamp"]
    order = {"prompt": "portrait photo"}
    made = await posted(http, "/api/generate", key, str(uuid.uuid4()), **order)
    *_, third = await receiver.until(3, PATIENCE_S)
    assert all(one.is_signed(secret) for one in receiver.sent)
    assert third.id != first.id
    models = (await answer_of(http, "/api/models", key))["items"]
    assert first.said["data"]["model_id"] == models[0]["model_id"]
    assert [first.said["type"], third.said["type"]] == [
        "training.completed",
        "generation.completed",
    ]
    shown = await answer_of(http, f"/api/generations/{made['id']}", key)
    assert third.said["data"]["status"] == shown["status"]
    assert third.said["data"]["pictures"] == [{"id": one["id"]} for one in shown["pictures"]]


async def test_what_was_cut_off_by_a_kill_comes_again_with_the_same_id(
    bot: Process, person: Person, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    await person.own_model()
    key, secret = await program_of(person, http, receiver)
    receiver.pause_s = 60
    order = {"prompt": "portrait photo"}
    made = await posted(http, "/api/generate", key, str(uuid.uuid4()), **order)
    await receiver.until(1, PATIENCE_S)
    bot.kill()
    receiver.pause_s = 0
    start_bot(bot)
    first, second = await receiver.until(2, PATIENCE_S)
    assert (first.id, first.body) == (second.id, second.body)
    assert second.is_signed(secret)
    assert second.said["data"]["id"] == made["id"]

    async def all_arrived() -> bool:
        return not (await answer_of(http, "/api/webhook", key))["waiting"]

    await eventually(all_arrived, "nothing is on its way")
    assert len(receiver.sent) == 2


async def test_a_program_that_works_again_says_so_and_is_told_at_once(
    bot: Process, person: Person, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    del bot
    key, _ = await program_of(person, http, receiver)
    # After the second try the next is five minutes later.
    receiver.statuses = [500, 500]
    await person.own_model()
    await receiver.until(2, PATIENCE_S)
    async with http.put("/api/webhook", json={"url": receiver.url}, headers=key) as answer:
        assert answer.status == 200
    first, second, third = await receiver.until(3, PATIENCE_S)
    assert first.id == second.id == third.id


async def test_gone_is_told_in_the_chat_and_nothing_more_is_sent(
    bot: Process, person: Person, http: aiohttp.ClientSession, receiver: Receiver
) -> None:
    del bot
    key, _ = await program_of(person, http, receiver)
    receiver.statuses = [410, 410]
    await person.own_model()
    await person.sees(person.words("webhook-gone", host="127.0.0.1"))
    async with http.get("/api/webhook", headers=key) as answer:
        assert answer.status == 404


async def answer_of(http: aiohttp.ClientSession, path: str, key: dict[str, str]) -> Any:  # noqa: ANN401  # JSON
    async with http.get(path, headers=key) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()
