"""Telegram pushes its updates to the bot's HTTP server."""

import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.e2e import pictures
from tests.e2e.driver import Person, Sandbox, eventually
from tests.e2e.processes import Process, bot_process, complaints_in, start_bot

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture(scope="module")
def server(own_server: str) -> str:
    """The address of a sandbox process of these tests."""
    return own_server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bot")


@pytest.fixture(scope="module")
def pushed(server: str, folder: Path, port: int) -> Iterator[Process]:
    """A bot that Telegram pushes to."""
    address = f"http://127.0.0.1:{port}/np"
    bot = bot_process(server, folder, PUBLIC_URL=address, HTTP_PORT=str(port))
    yield bot
    bot.kill()
    assert not complaints_in(bot.printed()), bot.printed()


@pytest.fixture(scope="module")
def polling(server: str, folder: Path, port: int) -> Iterator[Process]:
    """The same bot, asking for its updates; its HTTP server says how it is."""
    bot = bot_process(server, folder, HTTP_PORT=str(port))
    yield bot
    bot.kill()


@pytest.fixture
def bot(pushed: Process, polling: Process) -> Process:
    polling.stop()
    start_bot(pushed)
    return pushed


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


async def told(
    http: aiohttp.ClientSession, port: int, path: str, **request: object
) -> tuple[int, str]:
    """Ask the bot's HTTP server."""
    method = "POST" if request else "GET"
    address = f"http://127.0.0.1:{port}{path}"
    async with http.request(method, address, **request) as answer:  # type: ignore[arg-type]
        return answer.status, await answer.text()


async def test_a_model_and_a_picture_are_made_without_one_poll(
    sandbox: Sandbox, person: Person
) -> None:
    polls = len(await sandbox.calls("telegram", "getUpdates"))
    await person.own_model()
    said = await person.say("/generate portrait photo")
    await person.gets_picture(after=said)
    assert len(await sandbox.calls("telegram", "getUpdates")) == polls


async def test_what_is_sent_while_the_bot_is_down_is_handled_by_the_next_one(
    bot: Process, person: Person
) -> None:
    await person.to_photos()
    bot.kill()
    await person.send(*pictures.photos(5))
    start_bot(bot)
    await person.counted(5)


async def test_stopped_in_order_it_loses_nothing_that_it_has_taken(
    bot: Process, sandbox: Sandbox
) -> None:
    people = [await sandbox.newcomer() for _ in range(10)]
    said = {person.id: await person.say("/help") for person in people}
    assert bot.stop() == 0
    more = {person.id: await person.say("/status") for person in people}
    start_bot(bot)
    for person in people:
        await person.sees("\n/cancel ", after=said[person.id])
        await person.reads("no-training", after=more[person.id])


async def test_switching_to_polls_and_back_loses_no_update(
    bot: Process, polling: Process, person: Person
) -> None:
    assert bot.stop() == 0
    said = await person.say("/help")
    start_bot(polling)
    await person.sees("\n/cancel ", after=said)
    assert polling.stop() == 0
    said = await person.say("/help")
    start_bot(bot)
    await person.sees("\n/cancel ", after=said)


async def test_a_webhook_that_somebody_sets_does_not_silence_a_bot_that_polls(
    bot: Process, polling: Process, sandbox: Sandbox, person: Person
) -> None:
    assert bot.stop() == 0
    start_bot(polling)
    await sandbox.ask("POST", "webhook", json={"url": "https://old.example.org/hook"})
    said = await person.say("/help")
    await person.sees("\n/cancel ", after=said)


async def test_strangers_cannot_push(
    person: Person, port: int, http: aiohttp.ClientSession
) -> None:
    said = await person.say("/help")
    known = await person.sees("\n/cancel ", after=said)
    forged = {"update_id": 1, "message": {"from": {"id": person.id}, "text": "/deletemydata"}}
    assert (await told(http, port, "/telegram", json=forged))[0] == 403
    for secret in ("", "wrong", "ключ"):
        headers = {SECRET_HEADER: secret}
        assert (await told(http, port, "/telegram", json=forged, headers=headers))[0] == 403
    assert await person.answers(known["message_id"]) == []


async def test_a_load_balancer_learns_whether_the_bot_is_well(
    bot: Process, polling: Process, port: int, http: aiohttp.ClientSession
) -> None:
    async def ready() -> bool:
        return await told(http, port, "/readyz") == (200, "ok\n")

    assert await told(http, port, "/healthz") == (200, "ok\n")
    await eventually(ready, "ready with a webhook")
    # A proxy passes the path of PUBLIC_URL on, or takes it off.
    assert await told(http, port, "/np/healthz") == (200, "ok\n")
    assert bot.stop() == 0
    start_bot(polling)
    await eventually(ready, "ready with polls")


async def test_a_taken_port_stops_the_start_with_one_line(server: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken_port = taken.getsockname()[1]
        bot = bot_process(server, tmp_path, HTTP_PORT=str(taken_port))
        bot.start()
        assert bot.wait() == 2
    assert bot.printed().startswith("HTTP_PORT: cannot listen on 127.0.0.1:")
    assert bot.printed().count("\n") == 1
