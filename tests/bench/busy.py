"""How soon people are answered while the bot is busy with something else.

`python -m tests.bench.busy` prints waits and judges nothing; `--postgres URL` measures on a
PostgreSQL database, which is emptied, instead of SQLite. Commands come at the same rate while

- nothing else happens, to the least aiogram bot too,
- somebody's handler hangs for half a minute,
- photos are checked, as many as somebody can choose in a few albums,
- trainings are under way, each looked at every few seconds.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine

from db.tables import Draft, Photo, PhotoSet, User
from services.domain.clock import now
from services.domain.vocabulary import Language
from tests.bench.jobs import StillFal, fill
from tests.bench.photos import file_of
from tests.bench.updates import PER_S, Figures, Running, Subject, figures, process, say, serving

FILES = 171
FILE_SIZE_PX = (3000, 4000)
OWNER = 2_000_000
HANGS = 9_000_000
TRAININGS = 1000
PACE_S = 6


@dataclass
class Files:
    """Telegram's files: one photo under any name."""

    photo: bytes
    given: int = 0

    def add_to(self, app: web.Application) -> None:
        """Serve where the Bot API has files."""
        app.router.add_get("/file/bot{token}/{path}", self._give)

    async def _give(self, _request: web.Request) -> web.Response:
        self.given += 1
        return web.Response(body=self.photo, content_type="image/jpeg")


async def send_files(url: str, count: int) -> None:
    """Put photos into a database that wait for their check."""
    engine = create_async_engine(url)
    whose = {"id": "busy", "user_id": OWNER}
    photos = [
        {
            "training_id": "busy",
            "number": number,
            "message_id": number,
            "file_id": f"photo{number}",
            "file_unique_id": f"unique{number}",
        }
        for number in range(1, count + 1)
    ]
    consent = {"consent_at": now() - timedelta(minutes=1), "consent_version": "1"}
    async with engine.begin() as connection:
        await connection.execute(insert(User), [{"id": OWNER, "language": Language.EN}])
        await connection.execute(insert(PhotoSet), [whose | consent | {"photos_numbered": count}])
        draft = {"chat_id": OWNER, "trainer": "fal-ai/flux-lora-fast-training"}
        await connection.execute(insert(Draft), [whose | draft])
        await connection.execute(insert(Photo), photos)
    await engine.dispose()


@asynccontextmanager
async def busy(
    subject: Subject, url: str, photo: bytes
) -> AsyncIterator[tuple[Running, StillFal, Files]]:
    """Start a bot on a database, before a Telegram with files and a fal at which nothing moves."""
    fal, files = StillFal(), Files(photo)
    on_it = Subject(subject.name, subject.module, url)
    with tempfile.TemporaryDirectory() as folder:
        async with serving(fal.add_to, files.add_to) as (telegram, outside):
            with process(
                on_it,
                Path(folder),
                outside,
                POLL_INTERVAL=str(PACE_S),
                # Messages are brought up to date soon after the start, and are not measured.
                TELEGRAM_MESSAGES_PER_SECOND="1000",
            ) as pid:
                yield Running(telegram, pid), fal, files


async def measure(name: str, subject: Subject, updates: int, photo: bytes) -> Figures:
    """Say how soon commands are answered in one situation, and return it."""
    with tempfile.TemporaryDirectory() as folder:
        url = subject.database_url or f"sqlite+aiosqlite:///{folder}/bench.db"
        if subject.module == "bot":
            await fill(url, TRAININGS if name == "trainings" else 0)
        if name == "files":
            await send_files(url, FILES)
        async with busy(subject, url, photo) as (bot, fal, files):
            await bot.steady(1)
            if name == "hang":
                bot.telegram.hangs = {HANGS}
                bot.telegram.write(HANGS, "/help")
            if name == "trainings":
                telegram = bot.telegram
                await bot.until(lambda: telegram.edited >= TRAININGS)
            if name != "files":
                await bot.steady(50)
            bot.telegram.latencies_s.clear()
            looks, given, before = fal.looks.total(), files.given, bot.cpu_s()
            await bot.steady(updates)
            taken = bot.cpu_s() - before
            waits = bot.telegram.latencies_s
            found = figures(
                taken, [s for who, each in waits.items() if who != HANGS for s in each]
            )
            looks, given = fal.looks.total() - looks, files.given - given
            say(
                f"  {subject.name:18} {name:10} p50 {found.p50_ms:6.1f} ms  p99"
                f" {found.p99_ms:6.1f} ms  (meanwhile {given} files were fetched and {looks}"
                f" trainings looked at; CPU {found.cpu_ms:4.1f} ms a command)"
            )
            return found


async def main(options: argparse.Namespace) -> None:
    photo = await asyncio.to_thread(file_of, FILE_SIZE_PX, "JPEG", "RGB", {"quality": 90})
    least = Subject("least aiogram bot", "tests.bench.echo")
    ours = Subject("this bot", "bot", options.postgres)
    database = "PostgreSQL" if options.postgres else "SQLite"
    say(f"\n{options.updates} commands at {PER_S} a second, {database}")
    await measure("rest", least, options.updates, photo)
    for name in ("rest", "hang", "files", "trainings"):
        await measure(name, ours, options.updates, photo)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="", help="URL of a database that is emptied")
    parser.add_argument("--updates", type=int, default=500)
    asyncio.run(main(parser.parse_args()))
