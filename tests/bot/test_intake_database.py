"""An update whose handler failed for the database is kept, and handled when it answers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace

import pytest
from aiogram import Bot
from sqlalchemy import make_url, text

from db.database import Database
from services.domain.trouble import DatabaseUnavailable
from services.domain.vocabulary import Language
from tests.bot.intake_kit import OTHER, QUICK, Listener, a_message, a_press, left


@pytest.fixture
def impatient_database(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setattr("db.database.BUSY_TIMEOUT_MS", 100)
    return Database(sqlite_url)


def intruder_in(database: Database) -> sqlite3.Connection:
    """Another program that has locked the database."""
    intruder = sqlite3.connect(
        make_url(database.url).database or "", isolation_level=None, check_same_thread=False
    )
    intruder.execute("BEGIN IMMEDIATE")
    return intruder


async def meet(database: Database, user_id: int) -> None:
    async with database.transaction() as tx:
        await tx.users.meet(user_id, Language.EN)


async def test_while_the_database_is_locked_updates_are_kept_and_then_handled_in_order(
    impatient_database: Database, bot: Bot
) -> None:
    database = impatient_database
    done: list[str] = []

    async def then(word: str) -> None:
        if word == "one" and not locks:
            locks.append(await asyncio.to_thread(intruder_in, database))
        await meet(database, 7)
        done.append(word)

    locks: list[sqlite3.Connection] = []
    listener = Listener(database, bot, then)
    async with listener.intake as intake:
        await intake.take([a_message(1, "one"), a_message(2, "two"), a_press(3, "three")])
        await listener.until(lambda: bool(listener.kept))
        assert done == []
        with closing(locks[0]) as intruder:
            intruder.execute("ROLLBACK")
        await listener.ends("one", "two", "three")
    assert done == ["one", "two", "three"]
    assert listener.kept == [1], "told once, and only when it takes longer"
    assert listener.failed == []
    assert await left(database) == []
    await database.close()


async def test_what_cannot_be_kept_is_not_taken_and_its_senders_are_told_once(
    impatient_database: Database, bot: Bot
) -> None:
    database = impatient_database
    batch = [a_message(1, "one"), a_message(2, "two"), a_press(3, "three", OTHER)]
    listener = Listener(database, bot)
    async with listener.intake as intake:
        with closing(intruder_in(database)):
            for _ in range(2):
                with pytest.raises(DatabaseUnavailable):
                    await intake.take(batch)
        assert (listener.kept, listener.heard) == ([1], [])
        await intake.take(batch)
        await listener.ends("one", "two", "three")
    await database.close()


async def test_a_handler_that_fails_for_an_answering_database_is_given_up(
    database: Database, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    async def then(word: str) -> None:
        if word == "cursed":
            raise DatabaseUnavailable

    listener = Listener(database, bot, then, replace(QUICK, tries=3))
    async with listener.intake as intake:
        await intake.take([a_message(1, "cursed"), a_message(2, "next")])
        await listener.ends("next")
    assert listener.heard == ["cursed"] * 3 + ["next"]
    assert listener.failed == [1]
    assert sum("given up" in line for line in caplog.messages) == 1
    assert await left(database) == []


@pytest.fixture
async def postgres(postgres_copies: Callable[[], str]) -> AsyncIterator[Database]:
    database = Database(postgres_copies())
    yield database
    await database.close()


async def cut_connections(postgres: Database) -> None:
    """End every connection but the one that asks for it."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    async with postgres.engine.connect() as connection:
        await connection.execute(text(f"{others} AND datname = current_database()"))


@pytest.mark.postgres
async def test_connections_that_are_cut_in_the_middle_lose_nothing(
    postgres: Database, bot: Bot
) -> None:
    met: list[int] = []
    inside = asyncio.Barrier(4)

    async def then(word: str) -> None:
        user_id = int(word)
        async with postgres.transaction() as tx:
            await tx.users.meet(user_id, Language.EN)
            if user_id not in met:
                met.append(user_id)
                await inside.wait()
                await cut.wait()

    cut = asyncio.Event()
    listener = Listener(postgres, bot, then)
    async with listener.replica, listener.intake as intake:
        await intake.take([a_message(user_id, str(user_id), user_id) for user_id in (1, 2, 3)])
        await inside.wait()
        await cut_connections(postgres)
        cut.set()
        await listener.ends("1", "2", "3")
    async with postgres.transaction() as tx:
        assert all([await tx.users.get(user_id) for user_id in (1, 2, 3)])
    assert listener.failed == []
    assert await left(postgres) == []
