"""How many updates two replicas answer in the time of one, on one PostgreSQL database.

`python -m tests.bench.replicas --postgres URL` prints a ratio and judges nothing. Server, database
and replicas share the machine, so on two cores the second replica is given what the others leave.
With `--launcher` a program that becomes the bot can keep each replica to a share of a core.
"""

import argparse
import asyncio
import shlex
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from tests.bench.updates import Running, Subject, process, say, serving

RATE = "1000"
"""Messages a second that the bot may send: so many that its limiter never waits."""

WARM_UP = 50


async def updates_a_second(
    subject: Subject, replicas: int, people: int, launcher: Sequence[str]
) -> tuple[float, float]:
    """Return the updates a second when many people write at once, and CPU in ms for each."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        async with serving() as (telegram, url):
            bots: list[Running] = []
            for number in range(replicas):
                home = Path(folder) / str(number)
                home.mkdir()
                pid = stack.enter_context(
                    process(subject, home, url, launcher, TELEGRAM_MESSAGES_PER_SECOND=RATE)
                )
                bots.append(Running(telegram, pid))
                # The one that begins migrates the database.
                if number == 0:
                    await bots[0].steady(1)
            await asyncio.sleep(5)
            await bots[0].steady(WARM_UP)
            telegram.latencies_s.clear()
            before = sum(bot.cpu_s() for bot in bots)
            began = time.perf_counter()
            for number in range(people):
                telegram.write(5_000_000 + number, "/help")
            await bots[0].until(lambda: telegram.answered >= people)
            took_s = time.perf_counter() - began
            cpu_s = sum(bot.cpu_s() for bot in bots) - before
            stack.close()
            return people / took_s, cpu_s * 1000 / people


async def main(options: argparse.Namespace) -> None:
    subject = Subject("this bot", "bot", options.postgres)
    launcher = shlex.split(options.launcher)
    rates: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(options.rounds):
        for replicas, found in rates.items():
            rate, cpu_ms = await updates_a_second(subject, replicas, options.people, launcher)
            found.append(rate)
            say(f"  {replicas} of them: {rate:6.1f} updates a second, {cpu_ms:.1f} ms of CPU each")
    one, two = (statistics.median(found) for found in rates.values())
    say(f"two replicas answer {two / one:.2f}x as many as one")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", required=True, help="URL of an empty PostgreSQL database")
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--launcher", default="", help="what takes `python -m bot` as its last words"
    )
    asyncio.run(main(parser.parse_args()))
