"""A backup of a SQLite database that is being written to, and its way back."""

import asyncio
import shutil
import stat
from pathlib import Path

import pytest

from db.backup import back_up, restore
from db.database import Database
from services.domain.vocabulary import Language


async def test_a_copy_made_while_others_write_is_whole(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)

    async def meet(first: int) -> None:
        for user_id in range(first, first + 50):
            async with database.transaction() as tx:
                await tx.users.meet(user_id, Language.EN)

    await meet(1000)
    target = tmp_path / "copy.db"
    await asyncio.gather(meet(2000), asyncio.to_thread(back_up, sqlite_url, target))
    await database.close()
    copy = Database(f"sqlite+aiosqlite:///{target}")
    async with copy.transaction() as tx:
        assert await tx.users.get(1049) is not None
        await tx.users.meet(1, Language.RU)
    await copy.close()


async def test_a_copy_is_one_file_and_leaves_no_other_behind(
    sqlite_url: str, tmp_path: Path
) -> None:
    database = Database(sqlite_url)
    async with database.transaction() as tx:
        await tx.users.meet(7, Language.EN)
    backups, restored = tmp_path / "backups", tmp_path / "restored"
    backups.mkdir()
    back_up(sqlite_url, backups / "copy.db")
    await database.close()
    for _ in range(2):
        restore(f"sqlite+aiosqlite:///{restored / 'bot.db'}", backups / "copy.db", force=True)
    assert [path.name for path in backups.iterdir()] == ["copy.db"]
    names = sorted(path.name.partition("-")[0] for path in restored.iterdir())
    assert names == ["bot.db", "bot.db.replaced"]
    assert await known(restored / "bot.db")


def test_a_copy_overwrites_nothing(sqlite_url: str, tmp_path: Path) -> None:
    target = tmp_path / "precious.db"
    target.write_text("precious")
    with pytest.raises(ValueError, match="exists already"):
        back_up(sqlite_url, target)
    assert target.read_text() == "precious"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite+aiosqlite:////nowhere/bot.db", "there is no database"),
        ("postgresql+asyncpg://postgres@127.0.0.1/bot", "use pg_dump"),
    ],
)
def test_what_cannot_be_copied_is_said(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=words):
        back_up(url, tmp_path / "copy.db")


def test_a_copy_into_a_folder_that_is_not_there_makes_none(
    sqlite_url: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="there is no folder"):
        back_up(sqlite_url, tmp_path / "nowhere" / "copy.db")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\0" * 99])
def test_a_damaged_database_is_not_copied(tmp_path: Path, content: bytes) -> None:
    path, target = tmp_path / "bot.db", tmp_path / "copy.db"
    path.write_bytes(content)
    with pytest.raises(OSError, match=r"bot\.db cannot be copied to .*copy\.db"):
        back_up(f"sqlite+aiosqlite:///{path}", target)
    assert not target.exists()


def test_a_copy_that_cannot_be_written_is_said(sqlite_url: str) -> None:
    with pytest.raises(OSError, match="cannot be copied to /proc"):
        back_up(sqlite_url, Path("/proc/copy.db"))


async def known(path: Path, user_id: int = 7) -> bool:
    """Whether a user is in the database, which is closed again."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.transaction() as tx:
        user = await tx.users.get(user_id)
    await database.close()
    return user is not None


@pytest.fixture
async def backup(sqlite_url: str, tmp_path: Path) -> Path:
    """A backup with user 7, who is not in the database."""
    database = Database(sqlite_url)
    async with database.transaction() as tx:
        await tx.users.meet(7, Language.EN)
    target = tmp_path / "backup.db"
    back_up(sqlite_url, target)
    async with database.transaction() as tx:
        await tx.users.remove(7)
    await database.close()
    return target


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_backup_is_restored_where_there_is_no_database(
    backup: Path, tmp_path: Path
) -> None:
    path = tmp_path / "new folder" / "bot.db"
    assert restore(f"sqlite+aiosqlite:///{path}", backup) is None
    assert mode_of(path) == 0o600
    assert await known(path)


async def test_a_database_is_replaced_by_force_alone_and_kept(
    sqlite_url: str, backup: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="is not empty; --force"):
        restore(sqlite_url, backup)
    assert not await known(tmp_path / "bot.db")
    kept = restore(sqlite_url, backup, force=True)
    assert kept is not None
    assert await known(tmp_path / "bot.db")
    assert not await known(kept)


@pytest.mark.parametrize("left", [None, b"damaged" * 5000])
async def test_the_log_of_a_crash_is_not_read_into_what_is_restored(
    sqlite_url: str, backup: Path, tmp_path: Path, left: bytes | None
) -> None:
    database, path = Database(sqlite_url), tmp_path / "crashed" / "bot.db"
    path.parent.mkdir()
    async with database.transaction() as tx:
        for user_id in range(100, 200):
            await tx.users.meet(user_id, Language.EN)
    for suffix in ("-wal", "-shm"):
        shutil.copy(tmp_path / f"bot.db{suffix}", f"{path}{suffix}")
    await database.close()
    if left is not None:
        path.write_bytes(left)
    kept = restore(f"sqlite+aiosqlite:///{path}", backup, force=True)
    assert (kept is None) == (left is None)
    assert await known(path)
    assert not await known(path, 150)
    # It belongs to the database before, and stays with it.
    assert len(list(path.parent.glob("bot.db.replaced-*-wal"))) == 1


async def test_nothing_is_restored_under_a_bot_that_runs(sqlite_url: str, backup: Path) -> None:
    database = Database(sqlite_url)
    async with database.transaction() as tx:
        await tx.users.get(7)
    # The connection is idle now, and open.
    with pytest.raises(ValueError, match="stop the bot first"):
        restore(sqlite_url, backup, force=True)
    await database.close()


@pytest.mark.parametrize("content", [None, b"", b"no database at all", b"SQLite format 3\0" * 99])
async def test_what_is_no_backup_changes_nothing(
    sqlite_url: str, tmp_path: Path, content: bytes | None
) -> None:
    broken = tmp_path / "broken.db"
    if content is not None:
        broken.write_bytes(content)
    before = (tmp_path / "bot.db").read_bytes()
    with pytest.raises(ValueError, match=r"broken\.db"):
        restore(sqlite_url, broken, force=True)
    assert (tmp_path / "bot.db").read_bytes() == before


async def test_only_the_owner_reads_database_wal_and_backup(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "bot.db").chmod(0o644)
    for name in ("bot.db-wal", "bot.db-shm"):
        (tmp_path / name).touch(mode=0o644)
    database = Database(sqlite_url)
    async with database.transaction() as tx:
        await tx.users.meet(7, Language.EN)
    back_up(sqlite_url, tmp_path / "copy.db")
    names = ("bot.db", "bot.db-wal", "bot.db-shm", "copy.db")
    assert [mode_of(tmp_path / name) for name in names] == [0o600] * 4
    await database.close()
    new = Database(f"sqlite+aiosqlite:///{tmp_path / 'new.db'}")
    async with new.engine.connect():
        assert mode_of(tmp_path / "new.db") == 0o600
    await new.close()
