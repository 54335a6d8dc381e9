"""The migration at the start runs in a process of its own, and its refusals come back."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from db.database import Database
from db.migrate import pending_migrations
from tests.absent import absent

ROOT = Path(__file__).resolve().parents[2]

MIGRATE = """
import os, signal, sys
from bot.migration import migrate_apart
from db.refused import DatabaseOutOfReach, SchemaRefused
try:
    migrate_apart(sys.argv[1])
except (DatabaseOutOfReach, SchemaRefused) as error:
    print(type(error).__name__, error)
os.kill(os.getpid(), signal.SIGTERM)
print("alembic" in sys.modules, signal.SIGTERM in signal.sigpending())
"""


def migrated(url: str, *launcher: str) -> subprocess.CompletedProcess[str]:
    command = [*launcher, sys.executable, "-c", MIGRATE, url]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603


async def test_a_new_database_is_made_and_a_stop_meanwhile_is_kept_for_later(
    tmp_path: Path,
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/data/bot.db"
    done = migrated(url)
    assert done.stdout.splitlines()[-1] == f"{sys.platform != 'linux'} True", done.stderr
    database = Database(url)
    assert await pending_migrations(database) == 0
    await database.close()


async def test_a_refusal_is_carried_over(database: Database, sqlite_url: str) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert migrated(sqlite_url).stdout.startswith("SchemaRefused the schema has revision 9999")


def test_a_database_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_bytes(b"no database at all" * 99)
    done = migrated(f"sqlite+aiosqlite:///{tmp_path}/bot.db")
    assert done.stdout.startswith("DatabaseOutOfReach DatabaseError; the file is damaged")


def test_what_nobody_foresaw_ends_the_start(tmp_path: Path) -> None:
    done = migrated(f"nonsense:///{tmp_path}/bot.db")
    assert done.returncode == 1
    assert "ValueError: use one of" in done.stderr


@pytest.mark.parametrize("is_migrated", [True, False])
async def test_a_full_disk_is_said_whether_or_not_there_is_something_to_migrate(
    database: Database, tmp_path: Path, *, is_migrated: bool
) -> None:
    await database.close()
    disk, made = tmp_path / "disk", tmp_path / "made.db"
    disk.mkdir()
    if is_migrated:
        shutil.copy(str(database.engine.url.database), made)
    fill = f"mount -t tmpfs -o size=16m small {disk} && cat {made} > {disk}/bot.db;"
    fill += f'cat /dev/zero > {disk}/ballast 2> /dev/null; exec "$@"'
    namespace = ("unshare", "--user", "--map-root-user", "--mount")
    if not shutil.which("unshare") or subprocess.run([*namespace, "true"], check=False).returncode:  # noqa: S603, ASYNC221  # fixed words
        absent("a small disk needs user and mount namespaces")
    done = migrated(f"sqlite+aiosqlite:///{disk}/bot.db", *namespace, "sh", "-c", fill, "sh")
    words = "the disk is full: make room, then start again"
    assert done.stdout.startswith("DatabaseOutOfReach"), done.stderr
    assert done.stdout.splitlines()[0].endswith(words)
