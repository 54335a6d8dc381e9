"""What the browser tests and the screenshots share: a sandbox process, its bot side, the page."""

import asyncio
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import aiohttp
from playwright.async_api import Browser, Playwright

ROOT = Path(__file__).parents[2]
TOKEN = "7000000001:SANDBOX-local-emulator-token-000001"
USER_ID = 1001
DEADLINE_S = 120.0

CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Json = dict[str, Any]

_ADDRESS = re.compile(r"http://(?:127\.0\.0\.1|localhost):\d+")


def chromium_path() -> str | None:
    """Where Chromium is: `CHROMIUM_PATH`, or the first known name on the PATH."""
    named = os.environ.get("CHROMIUM_PATH")
    return named or shutil.which("chromium") or shutil.which("chromium-browser")


async def launch(playwright: Playwright, executable: str) -> Browser:
    """Start Chromium so that it opens no connection of its own."""
    return await playwright.chromium.launch(
        executable_path=executable, args=list(CHROMIUM_ARGS), chromium_sandbox=False
    )


async def wait_until(
    condition: Callable[[], Awaitable[bool]], what: str, seconds: float = DEADLINE_S
) -> None:
    """Ask again and again until the condition holds.

    Raises:
        AssertionError: when it did not within `seconds`.
    """
    try:
        async with asyncio.timeout(seconds):
            while not await condition():  # noqa: ASYNC110  (other processes give no event)
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"waited {seconds} s in vain: {what}") from None


@dataclass
class Sandbox:
    """A running `python -m sandbox`, driven from outside.

    Attributes:
        url: address of the page, without a slash at the end.
        process: the process itself.
        http: a session for the control plane and the Bot API.
    """

    url: str
    process: asyncio.subprocess.Process
    http: aiohttp.ClientSession

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])

    async def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  (JSON)
        """Call the control plane; `path` comes after `/sandbox/`.

        Raises:
            AssertionError: when it refuses, with its sentence.
        """
        async with self.http.request(method, f"{self.url}/sandbox/{path}", json=body) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if text else None

    async def bot(self, method: str, **params: object) -> Any:  # noqa: ANN401  (JSON)
        """Call the Bot API as a bot would, for tests that need no whole bot.

        Raises:
            AssertionError: when Telegram refuses, with its description.
        """
        form = aiohttp.FormData()
        for name, value in params.items():
            if isinstance(value, bytes):
                form.add_field(name, value, filename=f"{name}.jpg", content_type="image/jpeg")
            else:
                form.add_field(name, value if isinstance(value, str) else json.dumps(value))
        async with self.http.post(f"{self.url}/bot{TOKEN}/{method}", data=form) as answer:
            body = await answer.json()
        assert body["ok"], f"{method}: {body}"
        return body["result"]

    async def say(self, text: str, **params: object) -> Json:
        """The bot writes to the first user; gives the message."""
        message: Json = await self.bot("sendMessage", chat_id=USER_ID, text=text, **params)
        return message

    async def messages(self, user: int = USER_ID) -> list[Json]:
        """What the chat shows."""
        answer = await self.control("GET", f"chats/{user}/messages")
        messages: list[Json] = answer["messages"]
        return messages

    async def jobs(self, endpoint: str) -> list[Json]:
        """The inputs of the jobs that fal got for an endpoint, in order."""
        found = (await self.control("GET", "fal/jobs"))["jobs"]
        return [job["input"] for job in found if job["endpoint"] == endpoint]

    async def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does.

        Returns:
            The exit status.
        """
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(DEADLINE_S):
            return await self.process.wait()


@asynccontextmanager
async def running_sandbox(
    *options: str, language: str = "en", **settings: str
) -> AsyncIterator[Sandbox]:
    """Run `python -m sandbox` with these options until the block ends.

    Args:
        options: command line options; without `--port` a free one is taken.
        language: language of the first pretended user.
        settings: of its bot.
    """
    port = () if "--port" in options else ("--port", "0")
    # Its words go to a file: nobody has to read a pipe, and a failed test can show them.
    with tempfile.TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sandbox", *port, *options),
            cwd=ROOT,
            env={**os.environ, "SANDBOX_LANGUAGE": language, **settings},
            stdout=said,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with aiohttp.ClientSession() as http:
            try:
                sandbox = Sandbox(await _address(process, said), process, http)
                yield sandbox
                await sandbox.stop()
            except BaseException:
                sys.stderr.write(_words(said))
                raise
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


async def _address(process: asyncio.subprocess.Process, said: IO[bytes]) -> str:
    async def ready() -> bool:
        return process.returncode is not None or _ADDRESS.search(_words(said)) is not None

    await wait_until(ready, "the sandbox says its address")
    found = _ADDRESS.search(_words(said))
    assert found is not None, f"the sandbox ended without an address:\n{_words(said)}"
    return found.group()


def _words(said: IO[bytes]) -> str:
    return os.pread(said.fileno(), 1_000_000, 0).decode(errors="replace")
