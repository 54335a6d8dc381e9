"""`python -m bot migrate-database`, as an operator runs it and as a machine cuts it off."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from db.database import Database
from db.migrate import pending_migrations

ROOT = Path(__file__).parents[2]
MANY = 20_000
PATIENCE_S = 60.0


def command(target_url: str, folder: Path, source_url: str) -> subprocess.Popen[str]:
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder)}
    return subprocess.Popen(  # noqa: S603  # our own interpreter and module
        [sys.executable, "-m", "bot", "migrate-database", target_url],
        cwd=folder,
        env=kept | {"DATABASE_URL": source_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def fill(source_url: str) -> None:
    """Give a database so many charges that copying them takes a while."""
    with closing(sqlite3.connect(source_url.partition("///")[2])) as source, source:
        source.executemany(
            "INSERT INTO charges (id, user_id, kind, amount, usd, created_at)"
            " VALUES (?, 7, 'training', 1, 2000000, '2026-11-28 10:00:00.000001')",
            [(f"{number:016x}",) for number in range(MANY)],
        )


async def charges(target: Database) -> int:
    async with target.engine.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM charges")) or 0)


@pytest.mark.postgres
async def test_a_copy_that_was_killed_goes_on(
    sqlite_url: str, postgres_databases: Callable[[], str], tmp_path: Path
) -> None:
    fill(sqlite_url)
    target = Database(await asyncio.to_thread(postgres_databases))
    first = command(target.url, tmp_path, sqlite_url)
    give_up_at = time.monotonic() + PATIENCE_S
    copied = 0
    while not copied:
        assert time.monotonic() < give_up_at
        await asyncio.sleep(0.005)
        async with target.engine.connect() as connection:
            is_there = await connection.scalar(text("SELECT to_regclass('charges')"))
        copied = await charges(target) if is_there else 0
    first.send_signal(signal.SIGKILL)
    first.communicate()
    copied = await charges(target)
    assert 0 < copied < MANY, "it was not killed in the middle"
    second = command(target.url, tmp_path, sqlite_url)
    printed, complained = await asyncio.to_thread(second.communicate)
    assert (second.returncode, complained) == (0, "")
    assert printed.startswith("go on ")
    assert f"charges: {MANY} rows" in printed
    assert "Next: set DATABASE_URL" in printed
    assert await charges(target) == MANY
    assert await pending_migrations(target) == 0
    third = command(target.url, tmp_path, sqlite_url)
    printed, complained = await asyncio.to_thread(third.communicate)
    assert (third.returncode, printed) == (2, "")
    assert "not empty" in complained
    await target.close()


def test_it_says_what_it_cannot_begin_with(tmp_path: Path, sqlite_url: str) -> None:
    for target_url, source_url, words in (
        (sqlite_url, sqlite_url, "not PostgreSQL"),
        ("nonsense", sqlite_url, "not a database URL"),
        ("postgresql+asyncpg://h/n", "postgresql+asyncpg://h/o", "DATABASE_URL is not SQLite"),
        ("postgresql+asyncpg://h/n", "sqlite+aiosqlite:///no.db", "there is no database no.db"),
    ):
        process = command(target_url, tmp_path, source_url)
        printed, complained = process.communicate()
        assert (process.returncode, printed) == (2, "")
        assert words in complained
        assert len(complained.splitlines()) == 1
