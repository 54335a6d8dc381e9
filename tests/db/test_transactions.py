"""Transactions keep all or nothing, and many at once lose nothing."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from db.database import BUSY_TIMEOUT_MS, Database, DatabaseBusy, check_url
from db.migrate import migrate
from services.domain.trouble import DatabaseUnavailable
from services.domain.vocabulary import Language, PhotoState
from tests.db.conftest import USER
from tests.db.rows import add, draft, photo, training

AT_ONCE = 50


class Trouble(Exception):
    """Something went wrong in the middle of a use case."""


async def test_an_error_rolls_everything_back(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.transaction() as tx:
            await tx.users.meet(7, Language.EN)
            await add(tx, training("one", 7))
            await tx.flush()
            raise Trouble

    with pytest.raises(Trouble):
        await fail_half_way()
    async with database.transaction() as tx:
        assert await tx.users.get(7) is None
        assert await tx.trainings.get("one") is None


async def test_a_cancelled_transaction_rolls_back_and_frees_the_database(
    database: Database,
) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as tx:
            await tx.users.meet(7, Language.EN)
            inside.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        hanging = group.create_task(hang())
        await inside.wait()
        hanging.cancel()
    async with asyncio.timeout(30), database.transaction() as tx:
        assert await tx.users.get(7) is None


async def test_while_another_program_holds_the_database_nobody_waits_for_the_whole_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.database.BUSY_TIMEOUT_MS", 300)
    path = tmp_path / "held.db"
    database = Database(f"sqlite+aiosqlite:///{path}")
    await migrate(database)

    async def meet(number: int) -> None:
        async with database.transaction() as tx:
            await tx.users.meet(number, Language.EN)

    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        ends = await asyncio.gather(*map(meet, range(20)), return_exceptions=True)
        holder.execute("ROLLBACK")
    kinds = Counter(type(end) for end in ends)
    # One at a time would be twenty times SQLite's patience; in the line only ours counts.
    assert kinds[DatabaseBusy] >= 17
    assert kinds[DatabaseBusy] + kinds[DatabaseUnavailable] == 20
    await meet(99)
    await database.close()


async def test_a_hundred_transactions_at_once_lose_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, draft("one"))

    async def record(number: int) -> bool:
        async with database.transaction() as tx:
            await tx.drafts.lock("one")
            return await tx.photos.record(photo("one", number))

    async def claim(number: int) -> str:
        async with database.transaction() as tx:
            words = iter(f"WORD_{draw:04X}" for draw in range(number % 5, 100, 5))
            # Ten at a time want the same word first.
            word = await tx.trigger_words.claim(
                f"t{number}", lambda: f"{next(words)}_{number // 10}"
            )
            await add(tx, training(f"t{number}", trigger_word=word))
            return word

    async with asyncio.timeout(60):
        recorded = asyncio.gather(*(record(number) for number in range(AT_ONCE)))
        claimed = asyncio.gather(*(claim(number) for number in range(AT_ONCE)))
        assert all(await recorded)
        assert len(set(await claimed)) == AT_ONCE
    async with database.transaction() as tx:
        assert await tx.photos.count("one", PhotoState.PENDING) == AT_ONCE


async def test_the_same_photo_recorded_many_times_at_once_is_one_row(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, draft("one"))

    async def record() -> bool:
        async with database.transaction() as tx:
            return await tx.photos.record(photo("one", 1))

    told = await asyncio.gather(*(record() for _ in range(20)))
    assert sorted(told) == [False] * 19 + [True]


async def test_a_counter_changed_by_many_at_once_counts_each_change(database: Database) -> None:
    async with database.transaction() as tx:
        await add(tx, training("one"))

    async def count_one() -> None:
        async with database.transaction() as tx:
            row = await tx.trainings.lock("one")
            assert row is not None
            row.prepared_photos += 1

    await asyncio.gather(*(count_one() for _ in range(AT_ONCE)))
    async with database.transaction() as tx:
        row = await tx.trainings.get("one")
    assert row is not None
    assert row.prepared_photos == AT_ONCE


async def test_a_user_met_by_many_updates_at_once_is_one_user(database: Database) -> None:
    async def meet() -> int:
        async with database.transaction() as tx:
            return (await tx.users.meet(7, Language.RU)).id

    assert set(await asyncio.gather(*(meet() for _ in range(20)))) == {7}


async def test_sqlite_is_set_up_for_many_writers(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    async with database.engine.connect() as connection:
        values = {
            pragma: (await connection.execute(text(f"PRAGMA {pragma}"))).scalar_one()
            for pragma in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    await database.close()
    normal = 1
    assert values == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": BUSY_TIMEOUT_MS,
        "synchronous": normal,
    }


async def test_a_second_process_can_write_to_the_same_sqlite_file(sqlite_url: str) -> None:
    first, second = Database(sqlite_url), Database(sqlite_url)

    async def meet(database: Database, user_id: int) -> None:
        async with database.transaction() as tx:
            await tx.users.meet(user_id, Language.EN)

    await asyncio.gather(*(meet((first, second)[n % 2], n) for n in range(1, 31)))
    async with first.transaction() as tx:
        assert all([await tx.users.get(n) for n in range(1, 31)])
    await first.close()
    await second.close()


async def test_the_folder_of_a_sqlite_file_is_made(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/a/b/bot.db")
    async with database.engine.connect() as connection:
        await connection.execute(text("SELECT 1"))
    await database.close()
    assert (tmp_path / "a" / "b" / "bot.db").exists()


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "not a database URL"),
        ("nonsense", "not a database URL"),
        ("sqlite:///bot.db", "use one of sqlite"),
        ("postgresql://host/name", "use one of sqlite"),
        ("mysql+aiomysql://host/name", "use one of sqlite"),
    ],
)
def test_an_unusable_url_is_refused_in_one_sentence(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_url(url)


async def test_rows_can_be_read_after_their_transaction(database: Database) -> None:
    async with database.transaction() as tx:
        user = await tx.users.meet(USER, Language.EN)
    assert (user.id, user.language, user.created_at.tzinfo is not None) == (
        USER,
        Language.EN,
        True,
    )
