"""The worker keeps decoding out of the bot, one photo at a time, whatever becomes of it."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import uvloop
from PIL import Image

from services.photos.check import check_photo
from services.photos.child import PhotoChild
from services.photos.limits import Limits
from services.photos.messages import Message
from services.photos.prepare import prepare_photo
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.worker import PhotoProcessEnded, PhotoWorker
from tests.absent import absent
from tests.services.photos.corpus import jpeg, picture, png_of_zeros

ROOT = Path(__file__).resolve().parents[3]


NewLoop = Callable[[], asyncio.AbstractEventLoop]

on_each_loop = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
"""About processes and their pipes the bot's own loop differs from asyncio's."""


@pytest.fixture(scope="module")
def slow() -> bytes:
    """A photo that takes a second or more to check."""
    return png_of_zeros(9990, 9990, colour=6)


async def eventually(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while True:
            if happened():
                return
            await asyncio.sleep(0)


async def until_at_work(worker: PhotoWorker) -> int:
    """Wait until the photo process runs, and return its id."""
    await eventually(lambda: worker.process_id is not None)
    return worker.process_id or 0


def inherited_by(pid: int) -> tuple[bytes, list[str]]:
    process = Path(f"/proc/{pid}")
    files = [str(file.readlink()) for file in (process / "fd").iterdir()]
    return (process / "environ").read_bytes(), files


def lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_the_worker_answers_as_the_plain_functions_do() -> None:
    data = jpeg()
    async with PhotoWorker() as worker:
        assert await worker.check(data) == check_photo(data)
        assert await worker.prepare(data) == prepare_photo(data)
        with pytest.raises(PhotoRefused) as refusal:
            await worker.check(jpeg(picture(300, 400)))
    assert refusal.value.reason is RefusalReason.TOO_SMALL
    assert refusal.value.params == {"width": 300, "height": 400, "min_side_px": 512}


async def test_the_event_loop_goes_on_while_a_large_photo_is_decoded(slow: bytes) -> None:
    turns = 0
    async with PhotoWorker() as worker, asyncio.TaskGroup() as group:
        checking = group.create_task(worker.check(slow))
        while not checking.done():
            turns += 1
            await asyncio.sleep(0)
    assert turns > 100


async def test_twenty_photos_at_once_are_kept_in_order(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    photos = [jpeg(picture(520 + index, 600)) for index in range(20)]
    async with PhotoWorker() as worker, worker.archive(path) as archive:
        names = await asyncio.gather(*(worker.add_to_archive(archive, photo) for photo in photos))
    assert names == [f"{number:02d}.jpg" for number in range(1, 21)]
    with zipfile.ZipFile(path) as finished:
        widths = [Image.open(finished.open(name)).width for name in finished.namelist()]
    assert widths == [520 + index for index in range(20)]


async def test_a_refused_photo_leaves_the_archive_usable(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    async with PhotoWorker() as worker, worker.archive(path) as archive:
        await worker.add_to_archive(archive, jpeg())
        with pytest.raises(PhotoRefused):
            await worker.add_to_archive(archive, b"no photo")
        assert await worker.add_to_archive(archive, jpeg()) == "02.jpg"
    with zipfile.ZipFile(path) as finished:
        assert finished.namelist() == ["01.jpg", "02.jpg"]


async def fill(
    worker: PhotoWorker, path: Path, photos: list[bytes], opened: asyncio.Event
) -> None:
    async with worker.archive(path) as archive:
        opened.set()
        for photo in photos:
            await worker.add_to_archive(archive, photo)


async def test_an_error_or_a_cancel_discards_the_archive(tmp_path: Path) -> None:
    path, opened = tmp_path / "photos.zip", asyncio.Event()
    async with PhotoWorker() as worker:
        with pytest.raises(PhotoRefused):
            await fill(worker, path, [jpeg(), b"no photo"], opened)
        assert not any(os.scandir(tmp_path))
        opened.clear()
        async with asyncio.TaskGroup() as group:
            filling = group.create_task(
                fill(worker, path, [jpeg(picture(3000, 2000))] * 20, opened)
            )
            await opened.wait()
            filling.cancel()
    assert not any(os.scandir(tmp_path))


async def test_the_process_starts_with_the_first_photo_and_ends_when_there_is_nothing_to_do() -> (
    None
):
    async with PhotoWorker(Limits(idle_s=0.01)) as worker:
        assert worker.process_id is None
        await worker.check(jpeg())
        await eventually(lambda: worker.process_id is None)
        assert await worker.check(jpeg()) == check_photo(jpeg())


async def test_a_process_that_dies_in_the_middle_is_told_and_started_again(slow: bytes) -> None:
    async with PhotoWorker() as worker:
        checking = asyncio.gather(worker.check(slow), worker.check(jpeg()), return_exceptions=True)
        os.kill(await until_at_work(worker), signal.SIGSEGV)
        ended, facts = await checking
    assert isinstance(ended, PhotoProcessEnded)
    assert facts == check_photo(jpeg())


@pytest.mark.parametrize(
    "limits", [Limits(cpu_s=0.1), Limits(wall_s=0.1)], ids=["processor", "clock"]
)
async def test_work_that_takes_too_long_ends_its_process(slow: bytes, limits: Limits) -> None:
    async with PhotoWorker(limits) as worker:
        with pytest.raises(PhotoProcessEnded):
            await worker.check(slow)


async def test_memory_beyond_the_limit_is_refused_by_the_system() -> None:
    if sys.platform != "linux":
        absent("a limit on memory that the kernel keeps")
    async with PhotoWorker(Limits(memory_mb=100)) as worker:
        with pytest.raises(PhotoRefused) as refusal:
            await worker.prepare(png_of_zeros(7000, 7000, colour=6))
        assert await worker.check(jpeg()) == check_photo(jpeg())
    assert refusal.value.reason is RefusalReason.UNREADABLE


def test_where_the_system_keeps_no_limit_a_thread_ends_the_process() -> None:
    script = (
        "from services.photos.limits import watch_memory\n"
        "watch_memory(50, every_s=0.001)\n"
        "held = []\n"
        "while True: held.append(bytearray(b'1') * 1_000_000)\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)  # noqa: S603
    assert ended.returncode == -signal.SIGKILL


@on_each_loop
def test_the_process_inherits_no_secret_and_ignores_what_is_meant_for_the_bot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, slow: bytes, new_loop: NewLoop
) -> None:
    if sys.platform != "linux":
        absent("reads /proc")
    monkeypatch.setenv("BOT_TOKEN", "a secret")

    async def look() -> tuple[bytes, list[str]]:
        async with PhotoWorker() as worker, asyncio.TaskGroup() as group:
            await worker.check(jpeg())
            checking = group.create_task(worker.check(slow))
            pid = await until_at_work(worker)
            found = inherited_by(pid)
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(pid, number)
            assert os.getsid(pid) != os.getsid(0)
            assert await checking == check_photo(slow)
        return found

    with (tmp_path / "open").open("w") as inherited:
        fcntl.fcntl(inherited, fcntl.F_SETFD, 0)
        with asyncio.Runner(loop_factory=new_loop) as runner:
            environment, files = runner.run(look())
    assert b"secret" not in environment
    assert not [file for file in files if file.startswith(str(tmp_path))]


async def test_closing_ends_the_process_at_once(slow: bytes) -> None:
    worker = PhotoWorker()
    checks = asyncio.gather(*(worker.check(slow) for _ in range(9)), return_exceptions=True)
    pid = await until_at_work(worker)
    await worker.close()
    assert not lives(pid)
    first, *others = await checks
    assert isinstance(first, PhotoProcessEnded)
    assert all(isinstance(other, RuntimeError) for other in others)
    with pytest.raises(RuntimeError):
        await worker.check(jpeg())


async def test_a_cancelled_call_ends_its_process_and_no_other_call(slow: bytes) -> None:
    async with PhotoWorker() as worker, asyncio.TaskGroup() as group:
        first = group.create_task(worker.check(slow))
        second = group.create_task(worker.check(jpeg()))
        await until_at_work(worker)
        first.cancel()
        assert await second == check_photo(jpeg())


@pytest.fixture
async def orphan(slow: bytes) -> int:
    """A photo process whose bot was killed in the middle of its work."""
    script = (
        "import asyncio, sys\n"
        "from services.photos.worker import PhotoWorker\n"
        "async def main():\n"
        "    worker = PhotoWorker()\n"
        "    checking = asyncio.ensure_future(worker.check(sys.stdin.buffer.read()))\n"
        "    while worker.process_id is None: await asyncio.sleep(0)\n"
        "    print(worker.process_id, flush=True)\n"
        "    await checking\n"
        "asyncio.run(main())\n"
    )
    bot = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        script,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert bot.stdin is not None
    assert bot.stdout is not None
    bot.stdin.write(slow)
    bot.stdin.close()
    pid = int(await bot.stdout.readline())
    bot.kill()
    await bot.communicate()
    return pid


async def test_a_process_whose_bot_was_killed_ends_by_itself(orphan: int) -> None:
    await eventually(lambda: not lives(orphan))


@on_each_loop
def test_a_process_that_died_unseen_is_told_to_have_ended(new_loop: NewLoop) -> None:
    if sys.platform != "linux":
        absent("reads /proc")

    async def ask_the_dead() -> None:
        child = await PhotoChild.start(Limits())
        os.kill(child.pid, signal.SIGKILL)
        wait_until_dead(child.pid)
        assert child.works
        with pytest.raises(PhotoProcessEnded):
            await child.ask(Message({"work": "check"}, [bytes(20_000_000)]))

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(ask_the_dead())


def wait_until_dead(pid: int) -> None:
    """Wait without letting the event loop see it."""
    # Whoever is told of its death may have taken it away already.
    with suppress(OSError):
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)
