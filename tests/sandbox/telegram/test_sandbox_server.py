"""The server: who may talk to it, the page, ports, the program and the bot's process."""

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

import aiohttp
import pytest
from yarl import URL

from sandbox.__main__ import main
from sandbox.botprocess import BotProcess
from sandbox.server import (
    DEFAULT_PORT,
    RunningSandbox,
    SandboxConfig,
    running_bot,
    running_sandbox,
)
from tests.sandbox.telegram.clients import Person

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8081", ""])
async def test_foreign_host_names_are_refused(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, host: str
) -> None:
    url = f"{sandbox.url}/sandbox/state"
    async with http.get(url, headers={"Host": host}) as response:
        assert response.status == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
async def test_local_names_and_own_pages_are_answered(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, name: str
) -> None:
    place = f"{name}:{sandbox.url.rpartition(':')[2]}"
    headers = {"Host": place, "Origin": f"http://{place}"}
    url = f"{sandbox.url}/sandbox/chats/1001/text"
    async with http.post(url, json={"text": "x"}, headers=headers) as response:
        assert response.status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1"])
async def test_foreign_pages_cannot_change_anything(
    http: aiohttp.ClientSession, sandbox: RunningSandbox, origin: str
) -> None:
    url = f"{sandbox.url}/sandbox/chats/1001/text"
    async with http.post(url, json={"text": "x"}, headers={"Origin": origin}) as response:
        assert response.status == 403
        assert "foreign" in (await response.json())["error"]


async def test_the_page_is_served_fresh_and_nothing_beside_it(
    http: aiohttp.ClientSession, sandbox: RunningSandbox
) -> None:
    for path in ("/page/..%2fserver.py", "/page/%2e%2e/server.py", "/page/nothing.js"):
        url = URL(f"{sandbox.url}{path}", encoded=True)
        async with http.get(url) as response:
            assert response.status == 404
    page = ROOT / "sandbox" / "page"
    async with http.get(f"{sandbox.url}/") as response:
        assert await response.read() == (page / "index.html").read_bytes()
    for file in sorted(page.iterdir())[:3]:
        async with http.get(f"{sandbox.url}/page/{file.name}") as response:
            assert response.status == 200
            assert response.headers["Cache-Control"] == "no-cache"
            assert await response.read() == file.read_bytes()


async def test_bad_control_requests_say_what_is_wrong(person: Person) -> None:
    for path, kwargs, status in (
        ("chats/1001/text", {"data": b"{", "headers": {"Content-Type": "application/json"}}, 400),
        ("chats/1001/text", {"json": []}, 400),
        ("chats/1001/text", {"json": {}}, 400),
        ("chats/1001/text", {"json": {"text": 5}}, 400),
        ("chats/1001/text", {"json": {"text": " "}}, 400),
        ("chats/1001/text", {"json": {"text": "x", "reply_to": 99}}, 404),
        ("chats/77/text", {"json": {"text": "x"}}, 404),
        ("chats/seven/text", {"json": {"text": "x"}}, 404),
        ("chats/1001/media", {"json": {}}, 400),
        ("bot", {"json": {"action": "kill"}}, 409),
        ("groups/-5/text", {"json": {"text": "x"}}, 404),
    ):
        answer = await person.ask("POST", path, status, **kwargs)
        assert answer["error"].endswith(".")


async def test_the_state_names_everything(person: Person, sandbox: RunningSandbox) -> None:
    state = await person.ask("GET", "state")
    assert state["bot"]["username"] == sandbox.config.telegram.username
    assert state["users"][0]["id"] == 1001
    assert state["clock"] == {"mode": "seconds", "value": 30}
    assert state["bot_running"] is None
    assert state["pending_updates"] == 0


async def test_a_server_with_waiting_readers_stops_at_once(
    config: SandboxConfig, http: aiohttp.ClientSession
) -> None:
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        async with running_sandbox(config) as sandbox:
            api = f"{sandbox.telegram_url}/bot{config.telegram.token}"
            poll = tasks.create_task(ended(http, f"{api}/getUpdates?timeout=50"))
            stream = tasks.create_task(ended(http, f"{sandbox.url}/sandbox/events"))
            while sandbox.state.telegram.updates._poll is None:
                await ended(http, f"{sandbox.url}/sandbox/state")
        assert await poll == b'{"ok": true, "result": []}'
        assert await stream == b": connected\n\n"


async def ended(http: aiohttp.ClientSession, url: str) -> bytes:
    async with http.get(url) as response:
        return await response.read()


async def test_the_next_port_is_taken_when_the_default_is_busy() -> None:
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            busy.bind(("127.0.0.1", DEFAULT_PORT))
            busy.listen()
        except OSError:
            pass  # somebody else holds it, which is as good
        async with running_sandbox(SandboxConfig()) as sandbox:
            assert int(sandbox.url.rpartition(":")[2]) > DEFAULT_PORT


def test_an_explicit_port_that_is_busy_ends_the_program(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        assert main(["--port", str(busy.getsockname()[1])]) == 1
    assert "cannot listen" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_program_prints_its_address_and_stops_cleanly(number: signal.Signals) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "sandbox", "--port", "0"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert b"http://127.0.0.1:" in await process.stdout.readline()
        while b"Ctrl-C" not in await process.stdout.readline():
            pass
        process.send_signal(number)
        _, errors = await process.communicate()
    assert (process.returncode, errors) == (0, b"")


SCRIPT = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
with open(sys.argv[1], "a") as births:
    births.write(f"{os.getpid()} {os.environ['BOT_TOKEN']}\\n")
while True: time.sleep(1)
"""


@pytest.fixture
def births(tmp_path: Path) -> Path:
    file = tmp_path / "births"
    file.touch()
    return file


def lines_of(births: Path) -> list[str]:
    return births.read_text().splitlines()


async def born(births: Path, count: int) -> str:
    deadline = time.monotonic() + 60
    while len(lines := lines_of(births)) < count:
        assert time.monotonic() < deadline
        await asyncio.to_thread(time.sleep, 0.01)
    return lines[-1]


async def test_the_bot_process_is_started_killed_and_stopped(births: Path) -> None:
    changes: list[bool] = []
    bot = BotProcess(
        {"BOT_TOKEN": "5:x"},
        lambda: changes.append(bot.running),
        (sys.executable, "-c", SCRIPT, str(births)),
    )
    assert bot.running is False
    await bot.stop()
    await bot.start()
    await bot.start()
    process_id, token = (await born(births, 1)).split()
    assert token == "5:x"
    await bot.kill()
    assert bot.running is False
    with pytest.raises(ProcessLookupError):
        os.kill(int(process_id), 0)
    await bot.start()
    await born(births, 2)
    await bot.stop()
    assert changes == [True, False, True, False]


async def test_the_bot_is_steered_through_the_control_plane(
    sandbox: RunningSandbox, person: Person, births: Path
) -> None:
    async with running_bot(sandbox, (sys.executable, "-c", SCRIPT, str(births))):
        assert (await person.ask("GET", "state"))["bot_running"] is True
        _, token = (await born(births, 1)).split()
        assert token == sandbox.config.telegram.token
        for action, running in (("kill", False), ("start", True), ("stop", False)):
            answer = await person.ask("POST", "bot", json={"action": action})
            assert answer == {"bot_running": running}
        await person.ask("POST", "bot", 400, json={"action": "dance"})
        await person.ask("POST", "bot", json={"action": "start"})
    assert (await person.ask("GET", "state"))["bot_running"] is False
