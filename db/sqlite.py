"""How SQLite is set up, for the many small steps of a transaction and for whole ones."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db import sqlite_driver

T = TypeVar("T")


def make_sqlite_engine(url: URL, busy_timeout_ms: int) -> AsyncEngine:
    """Return the engine of a SQLite database.

    Args:
        url: With the driver aiosqlite.
        busy_timeout_ms: How long SQLite waits for another writer before it gives up.
    """
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "do_connect", _connect_by_our_driver)
    event.listen(engine.sync_engine, "connect", _configure(busy_timeout_ms))
    event.listen(engine.sync_engine, "begin", _begin_next)
    return engine


class SqliteThread:
    """A thread with a connection of its own, where a whole transaction is one trip.

    Args:
        url: With the driver aiosqlite.
        busy_timeout_ms: How long SQLite waits for another writer before it gives up.
    """

    def __init__(self, url: URL, busy_timeout_ms: int) -> None:
        self._engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True)
        event.listen(self._engine, "connect", _configure(busy_timeout_ms))
        event.listen(self._engine, "begin", _begin)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="sqlite")

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do a whole transaction; where the work raises, it is rolled back."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._do, work)

    def _do(self, work: Callable[[Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Let what runs end, and close the connection."""
        await asyncio.to_thread(self._executor.shutdown)
        self._engine.dispose()


def truncate_log(connection: Connection) -> bool:
    """Empty the write-ahead log; return whether nobody was in the way."""
    # Past SQLAlchemy, which would begin a transaction; a checkpoint cannot run in one.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    is_busy = bool(cursor.fetchall()[0][0])
    cursor.close()
    return not is_busy


def _configure(busy_timeout_ms: int) -> Callable[[Any, Any], None]:
    def configure(connection: Any, _record: Any) -> None:  # noqa: ANN401  # the DBAPI's own
        # sqlite3 must not open transactions by itself.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            f"busy_timeout = {busy_timeout_ms}",
            # What is deleted is overwritten with zeros, not only marked as free.
            "secure_delete = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()
        # SQLite's own lower() knows only the letters of English.
        connection.create_function("lower", 1, _lower, deterministic=True)

    return configure


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _connect_by_our_driver(*args: Any) -> None:  # noqa: ANN401  # dialect, record and so on
    args[-1]["async_creator_fn"] = sqlite_driver.connect


def _begin_next(connection: Connection) -> None:
    driver_connection = connection.connection.driver_connection
    assert isinstance(driver_connection, sqlite_driver.Connection)  # noqa: S101  # see above
    driver_connection.begin()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(sqlite_driver.BEGIN)
