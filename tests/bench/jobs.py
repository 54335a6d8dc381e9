"""What many trainings under way cost: CPU of a look, memory, and the time to take them up.

`python -m tests.bench.jobs` prints figures and judges nothing. A bot is started on a database in
which so many trainings are at fal already, of as many people, before a fal at which nothing moves;
`--pace 60` is the pace with pushes, `--pace 5` that of polling. What a look costs with a thousand
and with ten thousand trainings is one ratio of one run. Needs `/proc`, so Linux only.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine

from db.database import Database
from db.migrate import migrate
from db.tables import PhotoSet, Table, Training, User
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import Language, QualityMode, Subject
from tests.bench.telegram import TOKEN, CountingTelegram
from tests.bench.updates import ROOT, say

PATIENCE_S = 1200.0
STEPS = 1000


@dataclass
class StillFal:
    """A fal at which every job runs and none gets on."""

    looks: Counter[str] = field(default_factory=Counter)

    def add_to(self, app: web.Application) -> None:
        """Serve where `FAL_API_URL` looks for the queue."""
        app.router.add_get("/queue/bench/requests/{job}/status", self._status)

    async def _status(self, request: web.Request) -> web.Response:
        self.looks[request.match_info["job"]] += 1
        logs = [{"message": f" 25%|##5       | {STEPS // 4}/{STEPS} [01:00<03:00, 4.16it/s]"}]
        return web.json_response({"status": "IN_PROGRESS", "logs": logs})


async def fill(url: str, trainings: int) -> None:
    """Put trainings into a database that are at fal and were last written an hour ago."""
    database = Database(url)
    await migrate(database)
    await database.close()
    at = now() - timedelta(hours=0.5)
    ids = [f"bench{number:07}" for number in range(trainings)]
    people = [{"id": 1_000_000 + number, "language": Language.EN} for number in range(trainings)]
    sets = [
        {"id": name, "user_id": 1_000_000 + number, "consent_at": at, "consent_version": "1"}
        for number, name in enumerate(ids)
    ]
    base = "https://queue.fal.run/bench/requests"
    rows = [
        {
            "id": name,
            "user_id": 1_000_000 + number,
            "chat_id": 1_000_000 + number,
            "state": TrainingState.TRAINING,
            "name": "Anna",
            "trigger_word": f"ANNA_{number}",
            "subject": Subject.WOMAN,
            "trainer": "fal-ai/flux-lora-fast-training",
            "mode": QualityMode.ECONOMY,
            "steps": STEPS,
            "price_usd": 2,
            "percent": 25,
            "training_started_at": at,
            "progress_message_id": 1,
            "submit_started_at": at,
            "request_id": name,
            "status_url": f"{base}/{name}/status",
            "response_url": f"{base}/{name}",
            "cancel_url": f"{base}/{name}/cancel",
            "created_at": at,
            "updated_at": at,
        }
        for number, name in enumerate(ids)
    ]
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for table in reversed(Table.metadata.sorted_tables):
            await connection.execute(table.delete())
        for kind, values in ((User, people), (PhotoSet, sets), (Training, rows)):
            if values:
                await connection.execute(insert(kind), values)
    await engine.dispose()


class Process:
    """What the kernel says of a process."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")

    def cpu_s(self) -> float:
        """Seconds of CPU that it has used."""
        fields = (self._folder / "stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Megabytes of memory that it holds now."""
        pages = int((self._folder / "statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@asynccontextmanager
async def bot(
    url: str, pace_s: float, fal: StillFal, telegram: CountingTelegram, folder: Path
) -> AsyncIterator[Process]:
    """Start a bot on a database, before a Telegram and a fal that only count."""
    app = telegram.application()
    fal.add_to(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    outside = f"http://127.0.0.1:{runner.addresses[0][1]}"
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": outside,
        "FAL_KEY": "bench:bench",
        "FAL_API_URL": outside,
        "ACCESS": "open",
        "LOG_LEVEL": "WARNING",
        "DATABASE_URL": url,
        "POLL_INTERVAL": str(pace_s),
        # Messages are brought up to date soon, and are not measured.
        "TELEGRAM_MESSAGES_PER_SECOND": "1000",
    }
    command = [sys.executable, "-m", "bot"]
    with (folder / "bot.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)  # noqa: S603, ASYNC220
    try:
        yield Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        await runner.cleanup()


@dataclass(frozen=True)
class Cost:
    """What trainings under way cost: of a look (ms), of their start (s), and of all (MB)."""

    look_ms: float
    adopted_cpu_s: float
    memory_mb: float


async def measure(url: str, trainings: int, pace_s: float, for_s: float) -> Cost:
    """Say what so many trainings cost, and return it."""
    with tempfile.TemporaryDirectory() as folder:
        url = url or f"sqlite+aiosqlite:///{folder}/bench.db"
        await fill(url, trainings)
        fal, telegram = StillFal(), CountingTelegram()
        async with bot(url, pace_s, fal, telegram, Path(folder)) as process:
            await _until(lambda: bool(telegram.asked_for_updates))
            started, started_cpu_s = time.perf_counter(), process.cpu_s()
            await _until(lambda: len(fal.looks) >= trainings)
            adopted_s = time.perf_counter() - started
            adopted_cpu_s = process.cpu_s() - started_cpu_s
            # The message of each is brought up to date once after a start.
            await _until(lambda: telegram.edited >= trainings)
            looks, cpu_s = fal.looks.total(), process.cpu_s()
            began = time.perf_counter()
            await asyncio.sleep(for_s)
            took_s = time.perf_counter() - began
            looks, cpu_s = fal.looks.total() - looks, process.cpu_s() - cpu_s
            cost = Cost(cpu_s * 1000 / looks if looks else 0.0, adopted_cpu_s, process.memory_mb())
            say(
                f"  {trainings:6} trainings, a look each {pace_s:g} s: all taken up after"
                f" {adopted_s:5.1f} s ({adopted_cpu_s:4.1f} s of CPU);"
                f" {looks / took_s:6.1f} looks a second, {cpu_s / took_s:6.1%} of a core,"
                f" {cost.look_ms:5.2f} ms a look; {cost.memory_mb:5.0f} MB"
            )
            return cost


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110  # counted by a server
            await asyncio.sleep(0.05)


async def main(options: argparse.Namespace) -> None:
    say(f"\n{(options.postgres and 'PostgreSQL') or 'SQLite'}")
    none = await measure(options.postgres, 0, options.pace, 5.0)
    # The same number of looks a second for both, so that only their number differs.
    few = await measure(
        options.postgres, options.trainings // 10, options.pace / 10, options.seconds
    )
    many = await measure(options.postgres, options.trainings, options.pace, options.seconds)
    say(
        f"  with {options.trainings} a look costs {many.look_ms / few.look_ms:4.2f} times what it"
        f" costs with {options.trainings // 10};"
        f" {many.memory_mb - none.memory_mb:+4.0f} MB against none;"
        f" at {options.trainings / options.pace:.0f} looks a second they would take"
        f" {many.look_ms * options.trainings / options.pace / 10:.0f} % of a core"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="", help="URL of a database that is emptied")
    parser.add_argument("--trainings", type=int, default=10_000)
    parser.add_argument("--pace", type=float, default=60.0, help="seconds between two looks")
    parser.add_argument("--seconds", type=float, default=30.0, help="measured for so long")
    asyncio.run(main(parser.parse_args()))
