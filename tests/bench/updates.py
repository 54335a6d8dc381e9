"""What an update costs and how soon it is answered, against the least bot on aiogram.

`python -m tests.bench.updates` prints ratios and judges nothing; `--postgres URL` measures on an
empty PostgreSQL database too. Each figure is the median of its rounds, in which the bots take
turns, so that whatever else the machine does falls on all of them. Needs `/proc`, so Linux only.
"""

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from tests.bench.telegram import TOKEN, CountingTelegram

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 100
PER_S = 25
WARM_UP = 50
COMMANDS = ("/help", "/help please")
"""In turns: of a command that waits behind itself only the newer one is answered."""

PATIENCE_S = 300.0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@dataclass(frozen=True)
class Subject:
    """A bot to measure."""

    name: str
    module: str
    database_url: str = ""


class Running:
    """A bot at work before a server that counts."""

    def __init__(self, telegram: CountingTelegram, pid: int) -> None:
        self.telegram = telegram
        self._folder = Path(f"/proc/{pid}")

    def cpu_s(self) -> float:
        """Seconds of CPU that the process has used."""
        fields = (self._folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Megabytes of memory that the process holds now."""
        pages = int((self._folder / "statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for something."""
        async with asyncio.timeout(PATIENCE_S):
            while not is_so():
                await self.telegram.sent()

    async def steady(self, updates: int) -> None:
        """Write at a steady rate, and wait for the last answer."""
        target = self.telegram.answered + updates
        began = time.perf_counter()
        for number in range(updates):
            await asyncio.sleep(max(0.0, began + number / PER_S - time.perf_counter()))
            text = COMMANDS[number // PEOPLE % len(COMMANDS)]
            self.telegram.write(1001 + number % PEOPLE, text)
        await self.until(lambda: self.telegram.answered >= target)


@asynccontextmanager
async def running(subject: Subject, folder: Path) -> AsyncIterator[Running]:
    """Start a bot and its server, and wait until it has warmed up."""
    async with started(subject, folder) as bot:
        await bot.steady(WARM_UP)
        # What waited for the start was answered at once; of the second after that the bot, which
        # keeps to Telegram's limit of messages a second, has less left than somebody writes.
        await asyncio.sleep(1)
        bot.telegram.latencies_s.clear()
        yield bot


@asynccontextmanager
async def serving(
    *others: Callable[[web.Application], None],
) -> AsyncIterator[tuple[CountingTelegram, str]]:
    """Serve a Bot API and whatever else is added, and say at which address."""
    telegram = CountingTelegram()
    app = telegram.application()
    for add_to in others:
        add_to(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield telegram, f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@contextmanager
def process(
    subject: Subject, folder: Path, url: str, launcher: Sequence[str] = (), **settings: str
) -> Iterator[int]:
    """Run a bot, at wish by a program that becomes it; its process id."""
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": url,
        "FAL_KEY": "bench:bench",
        "FAL_API_URL": url,
        "ACCESS": "open",
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": subject.database_url or f"sqlite+aiosqlite:///{folder / 'bench.db'}",
    }
    command = [*launcher, sys.executable, "-m", subject.module]
    with (folder / "bot.log").open("ab") as log:
        bot = subprocess.Popen(  # noqa: S603
            command, cwd=folder, env=environment | settings, stdout=log, stderr=log
        )
    try:
        yield bot.pid
    finally:
        bot.send_signal(signal.SIGTERM)
        bot.wait(60)


@asynccontextmanager
async def started(subject: Subject, folder: Path) -> AsyncIterator[Running]:
    """Start a bot and its server."""
    async with serving() as (telegram, url):
        with process(subject, folder, url) as pid:
            yield Running(telegram, pid)


@dataclass(frozen=True)
class Figures:
    """What one round has shown."""

    cpu_ms: float
    p50_ms: float
    p99_ms: float


def figures(cpu_s: float, latencies_s: Iterable[float]) -> Figures:
    ordered = sorted(latencies_s)
    return Figures(
        cpu_s * 1000 / len(ordered),
        statistics.median(ordered) * 1000,
        ordered[int(len(ordered) * 0.99)] * 1000,
    )


async def ordinary(subject: Subject, updates: int, hanging: int = 0) -> Figures:
    """Measure ordinary commands; some people's answers may hang meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(subject, Path(folder)) as bot:
            bot.telegram.hangs = {9_000_000 + number for number in range(hanging)}
            for user_id in bot.telegram.hangs:
                bot.telegram.write(user_id, "/help")
            before = bot.cpu_s()
            await bot.steady(updates)
            taken = bot.cpu_s() - before
            people = bot.telegram.latencies_s.items()
            own = [s for name, each in people if name not in bot.telegram.hangs for s in each]
            return figures(taken, own)


async def backlog(subject: Subject, waiting: int, people: int) -> tuple[float, float]:
    """Return the seconds until who writes after a pause is answered, and until all are."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(subject, Path(folder)) as bot:
            began = time.perf_counter()
            an_hour_ago = time.time() - 3600
            for number in range(waiting):
                bot.telegram.write(5_000_000 + number % people, "/help", at=an_hour_ago)
            await asyncio.sleep(1)
            bot.telegram.write(42, "/help")
            await bot.until(lambda: 42 in bot.telegram.latencies_s)
            newcomer_s = bot.telegram.latencies_s[42][0]
            await bot.until(lambda: len(bot.telegram.latencies_s) >= people)
            return newcomer_s, time.perf_counter() - began


async def burst(subject: Subject, people: int) -> tuple[float, float]:
    """Return the median and the longest wait when many people write at once."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(subject, Path(folder)) as bot:
            for number in range(people):
                bot.telegram.write(5_000_000 + number, "/help")
            await bot.until(lambda: bot.telegram.answered >= people)
            waits = sorted(s for each in bot.telegram.latencies_s.values() for s in each)
            return statistics.median(waits), waits[-1]


async def start(subject: Subject) -> tuple[float, float, float]:
    """Return what a start takes on a database that exists.

    Returns:
        Seconds until the first update is answered, seconds of CPU for that, and MB then.
    """
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(2):
            began = time.perf_counter()
            async with started(subject, Path(folder)) as bot:
                bot.telegram.write(1001, "/help")
                await bot.until(lambda: bot.telegram.answered > 0)
                found = time.perf_counter() - began, bot.cpu_s(), bot.memory_mb()
        return found


async def compare_starts(subjects: list[Subject], rounds: int) -> None:
    say("\nfrom the start of the process to the first answer")
    found: dict[str, list[tuple[float, float, float]]] = {one.name: [] for one in subjects}
    for _ in range(rounds):
        for subject in subjects:
            found[subject.name].append(await start(subject))
    for name, each in found.items():
        took_s, cpu_s, mb = (statistics.median(figure) for figure in zip(*each, strict=True))
        say(f"  {name:20} {took_s:5.1f} s, {cpu_s:4.1f} s of CPU, {mb:4.0f} MB")


async def compare(subjects: list[Subject], updates: int, rounds: int, hanging: int) -> None:
    say(f"\n{updates} commands at {PER_S} a second from {PEOPLE} people, {hanging} answers hang")
    found: dict[str, list[Figures]] = {subject.name: [] for subject in subjects}
    for _ in range(rounds):
        for subject in subjects:
            found[subject.name].append(await ordinary(subject, updates, hanging))
    least: Figures | None = None
    for name, each in found.items():
        median = Figures(
            statistics.median(one.cpu_ms for one in each),
            statistics.median(one.p50_ms for one in each),
            statistics.median(one.p99_ms for one in each),
        )
        least = least or median
        say(
            f"  {name:18} CPU {median.cpu_ms:5.2f} ms ({median.cpu_ms / least.cpu_ms:4.2f}x)"
            f"   p50 {median.p50_ms:6.1f} ms ({median.p50_ms / least.p50_ms:4.1f}x)"
            f"   p99 {median.p99_ms:6.1f} ms"
        )


async def main(options: argparse.Namespace) -> None:
    ours = [Subject("this bot, SQLite", "bot")]
    if options.postgres:
        ours.append(Subject("this bot, PostgreSQL", "bot", options.postgres))
    subjects = [Subject("least aiogram bot", "tests.bench.echo"), *ours]
    await compare_starts(subjects, options.rounds)
    await compare(subjects, options.updates, options.rounds, hanging=0)
    if options.quick:
        return
    await compare(subjects, options.updates, 1, hanging=6)
    for subject in ours:
        median_s, last_s = await burst(subject, 1000)
        say(f"\n{subject.name}: 1000 people at once: median {median_s:.1f} s, last {last_s:.1f} s")
        for people in (50, 5000):
            newcomer_s, all_s = await backlog(subject, 5000, people)
            say(
                f"{subject.name}: 5000 wait from {people} people: who writes now is answered"
                f" after {newcomer_s:.2f} s, everybody has an answer after {all_s:.0f} s"
            )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="", help="URL of an empty PostgreSQL database")
    parser.add_argument("--updates", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="only the first table")
    asyncio.run(main(parser.parse_args()))
