"""Bad files are only bad files: the corpus goes through the real bot, sent as files.

The bot runs with asyncio's debug mode, which logs every callback that held the event loop for
100 ms or more, and the memory of it and its photo process is read from the kernel.
"""

import asyncio
import mimetypes
import re
import sqlite3
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from PIL import Image

from tests.absent import absent
from tests.e2e.driver import Person, Sandbox, eventually
from tests.e2e.processes import Process, bot_process, complaints_in, sandbox_process, start_bot
from tests.services.photos.corpus import (
    ACCEPTED,
    CORPUS,
    Case,
    encoded,
    jpeg,
    picture,
    png_of_zeros,
    tiff_of_one_tile,
)

pytestmark = pytest.mark.timeout(400)

DRAFTS = 8
PATIENCE_S = 180.0
PROBE_EVERY_S = 0.05
WATCH_EVERY_S = 0.01

PEAK_MB = 400.0
"""Promised for photos of up to 12 megapixels, 240 of it for the idle bot."""

LARGE_PEAK_MB = 1000.0
"""Promised for everything. A PNG of 99 megapixels with alpha takes most: 640 here, 840 when it is
prepared as well."""

BLOCKED_S = 0.5
"""The promise is 0.1 s. On two busy cores in debug mode the event loop, which waits for the
processor like everyone, was measured up to 0.16 s late with nothing in its way; a decode on
the event loop would take far longer. All that is over 0.1 s is printed."""

LARGE = {
    "claims_more.png",
    "claims_more.bmp",
    *(name for name, case in ACCEPTED.items() if case.size[0] * case.size[1] > 12_000_000),
}

Verdict = tuple[str, str | None]
Files = dict[str, tuple[bytes, Case]]


@dataclass(frozen=True)
class Rig:
    """A bot of its own, its database, and the sandbox it speaks to."""

    bot: Process
    sandbox: Sandbox
    database: Path
    printed_before: int

    def verdicts(self) -> dict[tuple[int, str], Verdict]:
        """Return state and refusal by person and file name."""
        query = (
            "SELECT s.user_id, p.label, p.state, p.refusal"
            " FROM photos p JOIN photo_sets s ON s.id = p.training_id"
        )
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return {
                (user, name): (state, why) for user, name, state, why in database.execute(query)
            }

    async def decided(self, count: int) -> dict[tuple[int, str], Verdict]:
        """Wait until so many files are accepted or refused."""

        async def look() -> dict[tuple[int, str], Verdict] | None:
            found = self.verdicts()
            is_done = len(found) == count and all(s != "pending" for s, _ in found.values())
            return found if is_done else None

        async def tell() -> str:
            return f"{len(self.verdicts())} of {count} files: {self.bot.printed()[-3000:]}"

        return await eventually(look, "a verdict on every file", PATIENCE_S, tell)

    def memory_mb(self) -> float:
        """The memory that the bot and its photo process hold now, in MB."""
        children = Path(f"/proc/{self.bot.pid}/task/{self.bot.pid}/children")
        bot = str(self.bot.pid)
        # Until it runs its own program, a process that begins shares the memory of the bot.
        began = [pid for pid in children.read_text().split() if _program(pid) != _program(bot)]
        # What else it has resident are program files, for the most part those of the bot again.
        own_mb = sum(_resident_mb(pid, "RssAnon") for pid in began)
        return _resident_mb(bot, "VmRSS") + own_mb

    @property
    def blockings(self) -> list[float]:
        """Seconds for which callbacks held the event loop, those of 0.1 s and more."""
        printed = self.bot.printed(self.printed_before)
        return [float(took_s) for took_s in re.findall(r"Executing .* took ([\d.]+) s", printed)]


def _program(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _resident_mb(pid: str, kind: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    found = re.search(rf"{kind}:\s+(\d+) kB", status)
    return int(found[1]) * 1024 / 1e6 if found else 0.0


@pytest.fixture(scope="module")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, str, Path]]:
    if not sys.platform.startswith("linux"):
        absent("reads the peak memory from /proc")
    server = sandbox_process(tmp_path_factory.mktemp("sandbox"))
    server.start()
    folder = tmp_path_factory.mktemp("bot")
    bot: Process | None = None
    try:
        url = server.printed_match(r"TELEGRAM_API_URL=(\S+)")
        # Not forked from another process, whose memory would count.
        bot = bot_process(url, folder, launcher=["env"], PYTHONASYNCIODEBUG="1")
        start_bot(bot)
        yield bot, url, folder / "bot.db"
        assert bot.stop() == 0, bot.printed()
        assert not complaints_in(bot.printed()), bot.printed()
    finally:
        if bot is not None:
            bot.kill()
        server.kill()


@pytest.fixture
async def rig(processes: tuple[Process, str, Path]) -> AsyncIterator[Rig]:
    bot, url, database = processes
    async with aiohttp.ClientSession() as http:
        yield Rig(bot, Sandbox(http, url), database, bot.printed_bytes)


def sendable(names: Iterable[str]) -> dict[str, tuple[bytes, Case]]:
    """Make files; Telegram's own clients refuse to send an empty one."""
    made = {name: (CORPUS[name].make(), CORPUS[name]) for name in names}
    return {name: file for name, file in made.items() if file[0]}


def heaps(files: Files) -> list[Files]:
    """Share files out to drafts, none with more than it takes and none with twins."""
    heaps: list[Files] = [{} for _ in range(DRAFTS)]
    seen: list[set[bytes]] = [set() for _ in range(DRAFTS)]
    turn = 0
    for name, (data, case) in files.items():
        while data in seen[turn % DRAFTS]:
            turn += 1
        heaps[turn % DRAFTS][name] = (data, case)
        seen[turn % DRAFTS].add(data)
        turn += 1
    return heaps


async def probe(person: Person, took_s: list[float]) -> None:
    """Press a button again and again, and note how long each answer takes."""
    while True:
        started = time.monotonic()
        await person.forge("start:0123456789abcdef")
        took_s.append(time.monotonic() - started)
        await asyncio.sleep(PROBE_EVERY_S)


async def watch(rig: Rig, held_mb: list[float]) -> None:
    """Note again and again how much memory is held."""
    while True:
        held_mb.append(rig.memory_mb())
        await asyncio.sleep(WATCH_EVERY_S)


def expected(case: Case) -> Sequence[Verdict]:
    """Return the verdicts that are right: many good files show one picture, which counts once."""
    if case.refused:
        return [("refused", case.refused.value)]
    return [("accepted", None), ("refused", "duplicate")]


async def verdicts_on(rig: Rig, files: Files) -> tuple[dict[str, str], float]:
    """Send files from several people while somebody else presses buttons.

    Returns:
        The surprises by name, and the most memory held, in MB.
    """
    people = [await rig.sandbox.newcomer() for _ in range(DRAFTS)]
    for person in people:
        await person.to_photos()
    other = await rig.sandbox.newcomer()
    await other.say("/start")
    took_s: list[float] = []
    held_mb: list[float] = []
    known = len(rig.verdicts())
    async with asyncio.TaskGroup() as tasks:
        probing = tasks.create_task(probe(other, took_s))
        watching = tasks.create_task(watch(rig, held_mb))
        shares = list(zip(people, heaps(files), strict=True))
        for person, heap in shares:
            for name, (data, _) in heap.items():
                mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
                await person.send_file(data, name, mime)
        found = await rig.decided(known + len(files))
        probing.cancel()
        watching.cancel()
    sys.stdout.write(
        f"\n{len(files)} files, peak {max(held_mb):.0f} MB; {len(took_s)} presses answered,"
        f" slowest {max(took_s):.3f} s, median {statistics.median(took_s):.3f} s;"
        f" held the event loop: {rig.blockings or 'nothing'}\n"
    )
    surprises = {
        name: f"{found[person.id, name]}, not {case.refused or 'accepted'}"
        for person, heap in shares
        for name, (_, case) in heap.items()
        if found[person.id, name] not in expected(case)
    }
    return surprises, max(held_mb)


async def test_every_bad_file_gets_its_own_reason_and_disturbs_nobody(rig: Rig) -> None:
    files = sendable(name for name in CORPUS if name not in LARGE)
    whole = picture(4000, 3000)
    for kind in ("JPEG", "PNG", "WEBP", "HEIF", "TIFF"):
        packed = {"compression": "tiff_lzw"} if kind == "TIFF" else {}
        files[f"12.{kind.lower()}"] = encoded(whole, kind, **packed), Case(bytes)
    files["12_lossless.webp"] = encoded(whole, "WEBP", lossless=True, method=0), Case(bytes)
    files["12_alpha.png"] = png_of_zeros(4000, 3000, colour=6), Case(bytes)
    files["12_progressive.jpg"] = jpeg(whole, progressive=True, subsampling=0), Case(bytes)
    assert len(files) > 150
    surprises, peak_mb = await verdicts_on(rig, files)
    assert not surprises
    assert peak_mb < PEAK_MB
    assert max(rig.blockings, default=0) < BLOCKED_S


async def test_pictures_of_up_to_a_hundred_megapixels_are_only_large(rig: Rig) -> None:
    files = sendable(LARGE)
    files["99.jpg"] = jpeg(picture(9990, 9990)), Case(bytes)
    files["99.png"] = png_of_zeros(9990, 9990, colour=6), Case(bytes)
    files["49.webp"] = encoded(picture(7000, 7000), "WEBP", lossless=True, method=0), Case(bytes)
    files["49_progressive.jpg"] = (
        jpeg(Image.new("CMYK", (7000, 7000)), progressive=True),
        Case(bytes),
    )
    files["49.tif"] = tiff_of_one_tile(7000), Case(bytes)
    surprises, peak_mb = await verdicts_on(rig, files)
    assert not surprises
    assert peak_mb < LARGE_PEAK_MB
    assert max(rig.blockings, default=0) < BLOCKED_S
