"""SQLite's driver makes few trips to its thread, and is right where one is cut off."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing, suppress
from typing import Any

import pytest
from sqlalchemy import make_url, text

from db import sqlite_driver
from db.database import Database
from services.domain.vocabulary import Language


@pytest.fixture
async def database(sqlite_url: str) -> AsyncIterator[Database]:
    database = Database(sqlite_url)
    yield database
    await database.close()


class Trips(list[Any]):
    """The queue of a driver's thread, which notes what passes."""

    def __init__(self, queue: Any) -> None:  # noqa: ANN401  # whatever aiosqlite has
        self._queue = queue

    def put_nowait(self, item: tuple[Any, Callable[[], object]]) -> None:
        self.append(item)
        self._queue.put_nowait(item)


async def driver_of(database: Database) -> sqlite_driver.Connection:
    """Return the one connection of a database at rest."""
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, sqlite_driver.Connection)
    return driver


async def test_a_statement_is_one_trip_and_so_is_a_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = await driver_of(database)
    trips = Trips(driver._tx)
    monkeypatch.setattr(driver, "_tx", trips)
    async with database.transaction():
        pass
    assert trips == []
    async with database.transaction() as tx:
        await tx.users.get(1)
        await tx.users.get(2)
    assert len(trips) == 3


async def test_a_statement_that_nobody_waits_for_any_more_leaves_nothing_open(
    sqlite_url: str, database: Database
) -> None:
    path = make_url(sqlite_url).database or ""

    async def meet() -> None:
        async with database.transaction() as tx:
            await tx.users.meet(7, Language.EN)

    with closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other:
        other.execute("BEGIN IMMEDIATE")
        meeting = asyncio.create_task(meet())  # noqa: TID251  # to be cancelled
        # Cut off while the thread waits inside of BEGIN.
        await asyncio.sleep(0.2)
        meeting.cancel()
        other.execute("COMMIT")
        with suppress(asyncio.CancelledError):
            await meeting
        await database.ping()
        other.execute("BEGIN IMMEDIATE")
        assert other.execute("SELECT count(*) FROM users WHERE id = 7").fetchone() == (0,)


async def test_a_refused_statement_leaves_a_transaction_that_can_be_rolled_back(
    database: Database,
) -> None:
    async with database.engine.connect() as connection:
        with suppress(Exception):
            await connection.execute(text("INSERT INTO users (id) VALUES (NULL)"))
        await connection.rollback()
        assert not (await driver_of(database)).in_transaction
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
