"""A backup of a SQLite database that is being written to."""

import asyncio
from pathlib import Path

import pytest

from db.backup import back_up
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
