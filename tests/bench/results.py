"""How soon a result is in the chat once fal is done: `python -m tests.bench.results`.

Prints figures, judges nothing. One bot asks fal each `POLL_INTERVAL`, the other one is told by
fal; the sandbox holds each job until it is let go, and the time from then on is measured.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import aiohttp

from tests.bench.updates import say
from tests.e2e.driver import Person, Sandbox, eventually
from tests.e2e.processes import bot_process, sandbox_process, start_bot
from tests.ports import free_port

POLL_INTERVAL_S = 6
TRAININGS, PICTURES = 5, 10
TAKES_S = 1.7
"""The shortest that a job takes at fal; the others take two, three and four times as long."""
REST_S = 15


async def wait_for(sandbox: Sandbox, number: int, shown: Callable[[], Awaitable[object]]) -> float:
    """Let go the job that runs, and return the seconds until something is shown of it."""
    await asyncio.sleep(TAKES_S * (1 + number % 4))
    began = time.perf_counter()
    await sandbox.scenario(stall=False)
    await shown()
    return time.perf_counter() - began


async def trained(sandbox: Sandbox, number: int) -> float:
    """Return how soon somebody hears that their model is ready."""
    person = await sandbox.newcomer()
    await sandbox.scenario(stall=True)
    await person.start_training()
    await person.one_training("IN_PROGRESS")
    return await wait_for(sandbox, number, person.told_ready)


async def made(sandbox: Sandbox, person: Person, number: int) -> float:
    """Return how soon a picture is there."""
    await sandbox.scenario(stall=True)
    said = await person.say("/generate portrait photo")

    async def is_running() -> bool:
        jobs = await person.generations()
        return len(jobs) == number + 1 and jobs[-1]["state"] == "IN_PROGRESS"

    await eventually(is_running, "a picture under way")
    return await wait_for(sandbox, number, lambda: person.gets_picture(after=said))


async def measure(name: str, folder: Path, **settings: str) -> None:
    """Say how soon the results of a bot with these settings come."""
    for place in ("sandbox", "bot"):
        (folder / place).mkdir(parents=True)
    with ExitStack() as stack:
        server = sandbox_process(folder / "sandbox")
        stack.callback(server.kill)
        server.start()
        url = server.printed_match(r"TELEGRAM_API_URL=(\S+)")
        bot = bot_process(url, folder / "bot", POLL_INTERVAL=str(POLL_INTERVAL_S), **settings)
        stack.callback(bot.kill)
        start_bot(bot)
        async with aiohttp.ClientSession() as http:
            sandbox = Sandbox(http, url)
            await sandbox.calm()
            trainings = [await trained(sandbox, number) for number in range(TRAININGS)]
            person = await sandbox.newcomer()
            await person.own_model()
            # A chat takes a message a second in the long run, and a training sends many.
            await asyncio.sleep(REST_S)
            pictures = [await made(sandbox, person, number) for number in range(PICTURES)]
    for kind, found in {"trainings": trainings, "pictures": pictures}.items():
        say(
            f"  {name}: {len(found):2} {kind}, median {statistics.median(found):.2f} s,"
            f" longest {max(found):.2f} s"
        )


async def main() -> None:
    port = str(free_port())
    with tempfile.TemporaryDirectory() as folder:
        say(f"From the end at fal to the chat, a look each {POLL_INTERVAL_S} s:")
        await measure("asked for", Path(folder) / "asked")
        pushed = {"PUBLIC_URL": f"http://127.0.0.1:{port}", "HTTP_PORT": port}
        await measure("pushed by fal", Path(folder) / "pushed", **pushed)


if __name__ == "__main__":
    asyncio.run(main())
