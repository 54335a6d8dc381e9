"""A disk without room: the bot has one of its own, a small tmpfs in a mount namespace.

Anybody may make such a namespace inside a user namespace, unless the kernel or a container
forbids it. The test reaches the disk through the bot's entry in /proc.
"""

import contextlib
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.absent import absent
from tests.e2e import pictures
from tests.e2e.driver import NEVER, Sandbox, eventually
from tests.e2e.processes import SECRETS, Process, bot_process, start_bot

pytestmark = pytest.mark.timeout(300)

DISK_MB = 16
BLOCK = bytes(4096)
PATIENCE_S = 90.0
"""A step that failed is tried again after up to a minute."""


class SmallDisk:
    """The disk of a bot, seen from outside its namespace."""

    def __init__(self, bot: Process, mounted: Path) -> None:
        self._folder = Path(f"/proc/{bot.pid}/root{mounted}")
        self._ballast = self._folder / "ballast"

    def fill(self) -> None:
        """Leave no room at all, not even in the log of the database."""
        with closing(sqlite3.connect(self._folder / "bot.db")) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with contextlib.suppress(OSError), self._ballast.open("wb", buffering=0) as ballast:
            while True:
                ballast.write(BLOCK)

    def empty(self) -> None:
        """Give the room back."""
        self._ballast.unlink()


@pytest.fixture
def small(
    server: str, bot: Process, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Process, SmallDisk]]:
    """A bot on a small disk, in place of the one of the session: both have the same token."""
    mounted = tmp_path_factory.mktemp("disk")
    mount = f"mount -t tmpfs -o size={DISK_MB}m small {mounted}"
    namespace = ("unshare", "--user", "--map-root-user", "--mount")
    launcher = (*namespace, "sh", "-c", f'{mount} && exec "$@"', "sh")
    if not sys.platform.startswith("linux") or not _works(launcher):
        absent("a small disk needs user and mount namespaces")
    assert bot.stop() == 0
    folder = tmp_path_factory.mktemp("bot")
    url = f"sqlite+aiosqlite:///{mounted}/bot.db"
    other = bot_process(server, folder, launcher, DATABASE_URL=url, TMPDIR=str(mounted))
    try:
        start_bot(other)
        yield other, SmallDisk(other, mounted)
        assert other.stop() == 0
        assert not [secret for secret in SECRETS if secret in other.printed()]
    finally:
        other.kill()
    start_bot(bot)


def _works(launcher: tuple[str, ...]) -> bool:
    try:
        done = subprocess.run([*launcher, "true"], check=False, capture_output=True)  # noqa: S603  # fixed words and a folder of pytest's
    except FileNotFoundError:
        return False
    return done.returncode == 0


async def test_what_is_sent_while_the_disk_is_full_is_handled_when_there_is_room(
    sandbox: Sandbox, small: tuple[Process, SmallDisk]
) -> None:
    other, disk = small
    person = await sandbox.newcomer()
    await person.to_photos()
    await person.send(*pictures.photos(5))
    await person.counted(5)
    disk.fill()
    (sent,) = await person.send(pictures.photo(6))
    await person.sees("What you sent is safe", sent["message_id"], PATIENCE_S)
    newcomer = await sandbox.newcomer()
    said = await newcomer.say("/start")
    await newcomer.sees("What you sent is safe", said, PATIENCE_S)
    assert other.runs
    disk.empty()
    await newcomer.sees_button("menu:", after=said)
    await person.send(pictures.photo(7))
    await person.counted(7)
    await person.press_action("photos:", "done")
    await person.press_action("mode:", "economy")
    await person.press("start:")
    await person.told_ready(patience_s=PATIENCE_S)
    assert len(await person.trainings()) == 1


async def test_a_disk_that_fills_up_in_a_training_delays_the_model_and_pays_once(
    sandbox: Sandbox, small: tuple[Process, SmallDisk]
) -> None:
    other, disk = small
    await sandbox.clock("polls", NEVER)
    person = await sandbox.newcomer()
    await person.start_training()
    await person.sees("🧠")
    disk.fill()
    printed = other.printed_bytes
    await sandbox.clock("immediate")

    async def failed() -> bool:
        return "waits: DatabaseUnavailable" in other.printed(printed)

    await eventually(failed, "a step that cannot be saved", PATIENCE_S)
    assert await person.times_told_ready() == 0
    disk.empty()
    await person.told_ready(patience_s=PATIENCE_S)
    assert await person.times_told_ready() == 1
    assert len(await person.trainings()) == 1
