"""How SQLite is set up, for the many small steps of a transaction and for whole ones."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from db import sqlite_driver

T = TypeVar("T")

CARRIED_OVER_EVERY = 100
"""One in so many of the transactions made at once is made in the thread, where SQLite carries the
log over into the database when it has grown. No multiple of three: of an update's three, each has
its turn."""

ALONE = "alone"
"""The execution option of a connection for single statements, which needs no BEGIN."""


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


class SqliteAtOnce:
    """A connection for whole transactions of a few plain statements, each made in one go.

    They are made right where they are asked for, on the event loop: they take a tenth of a
    millisecond and write to the log without waiting for the disk (`synchronous = NORMAL`), while a
    trip to a thread costs more than that. Two things wait, and are left to a thread: another
    program that holds the database, and carrying the log over into the database.

    Args:
        url: With the driver aiosqlite.
        busy_timeout_ms: How long SQLite waits for another writer before it gives up.
    """

    def __init__(self, url: URL, busy_timeout_ms: int) -> None:
        self._here = _plain_engine(url, 0, carries_over=False)
        # Kept open: to take one from the pool and give it back costs as much as a statement. One
        # piece of work ends before the next begins.
        self._kept: dict[bool, Connection] = {}
        self._there = _plain_engine(url, busy_timeout_ms)
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="sqlite")
        self._count = 0

    async def run(self, work: Callable[[Connection], T], *, alone: bool = False) -> T:
        """Do a whole transaction; where the work raises, it is rolled back.

        Args:
            work: What is done. Where another program holds the database it is begun again.
            alone: Whether it is one statement, which SQLite makes a transaction of by itself.
        """
        self._count += 1
        if self._count % CARRIED_OVER_EVERY:
            with contextlib.suppress(_Held):
                return self._do_here(work, alone=alone)
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._do, work)

    def _do_here(self, work: Callable[[Connection], T], *, alone: bool) -> T:
        try:
            if alone not in self._kept:
                self._kept[alone] = self._here.execution_options(**{ALONE: alone}).connect()
            connection = self._kept[alone]
            with contextlib.nullcontext() if alone else connection.begin():
                return work(connection)
        except (OperationalError, sqlite3.OperationalError) as error:
            cause = error.orig if isinstance(error, OperationalError) else error
            if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise _Held from error
            raise

    def _do(self, work: Callable[[Connection], T]) -> T:
        with self._there.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Let what runs end, and close the connections."""
        await asyncio.to_thread(self._executor.shutdown)
        for connection in self._kept.values():
            connection.close()
        self._here.dispose()
        self._there.dispose()


class _Held(Exception):
    """Another program holds the database."""


def _plain_engine(url: URL, busy_timeout_ms: int, *, carries_over: bool = True) -> Engine:
    engine = create_engine(url.set(drivername="sqlite"), hide_parameters=True)
    event.listen(engine, "connect", _configure(busy_timeout_ms, carries_over=carries_over))
    event.listen(engine, "begin", _begin)
    return engine


def truncate_log(connection: Connection) -> bool:
    """Empty the write-ahead log; return whether nobody was in the way."""
    # Past SQLAlchemy, which would begin a transaction; a checkpoint cannot run in one.
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    is_busy = bool(cursor.fetchall()[0][0])
    cursor.close()
    return not is_busy


def _configure(busy_timeout_ms: int, *, carries_over: bool = True) -> Callable[[Any, Any], None]:
    def configure(connection: Any, _record: Any) -> None:  # noqa: ANN401  # the DBAPI's own
        # sqlite3 must not open transactions by itself.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
            f"busy_timeout = {busy_timeout_ms}",
            *(() if carries_over else ("wal_autocheckpoint = 0",)),
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
    if not connection.get_execution_options().get(ALONE):
        # Past SQLAlchemy, for which it would be a statement with a result.
        driver_connection = connection.connection.driver_connection
        assert isinstance(driver_connection, sqlite3.Connection)  # noqa: S101  # see `_plain_engine`
        driver_connection.execute(sqlite_driver.BEGIN)
