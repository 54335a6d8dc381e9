"""aiosqlite with fewer trips to its thread.

aiosqlite makes a trip for each call: to make a cursor, to execute, to fetch, to close, to roll
back what never began. A trip costs more than most statements. Here a statement is one trip, whole,
and the first one of a transaction takes BEGIN along.
"""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

BEGIN = "BEGIN IMMEDIATE"
"""A deferred transaction that reads first and writes later fails at once with "database is locked"
when another one wrote in between; taking the write lock first makes it wait."""

Execute = Callable[[sqlite3.Cursor], object]


class Connection(aiosqlite.Connection):
    """A connection as SQLAlchemy's dialect for aiosqlite uses it."""

    _begins = _has_begun = False

    def begin(self) -> None:
        """Have the next statement begin a transaction."""
        self._begins = True

    def cursor(self) -> "Cursor":  # type: ignore[override]  # less than aiosqlite's is used
        """Return a cursor, which costs nothing before it executes."""
        return Cursor(self)

    async def commit(self) -> None:
        """Commit; no trip where nothing has begun."""
        self._begins = False
        if self._has_begun:
            await super().commit()
            self._has_begun = False

    async def rollback(self) -> None:
        """Roll back; no trip where nothing has begun."""
        self._begins = False
        # Our own note goes first: the thread may not have come to the BEGIN of a statement that
        # nobody waits for any more.
        if self._has_begun or self.in_transaction:
            await super().rollback()
            self._has_begun = False

    async def run(self, execute: Execute) -> "Result":
        """Execute a statement in the thread."""
        begins, self._begins = self._begins, False
        self._has_begun |= begins
        return await self._execute(_run, self._conn, execute, begins)  # type: ignore[no-any-return, no-untyped-call]  # so are its own types


Result = tuple[Any, int, int | None, list[Any]]
"""Description, row count, last row id and all rows."""


def _run(connection: sqlite3.Connection, execute: Execute, begins: bool) -> Result:  # noqa: FBT001
    cursor = connection.cursor()
    try:
        if begins:
            cursor.execute(BEGIN)
        execute(cursor)
        rows = cursor.fetchall() if cursor.description else []
        return cursor.description, cursor.rowcount, cursor.lastrowid, rows
    finally:
        cursor.close()


class Cursor:
    """The result of a statement, which is fetched whole: there are no server-side cursors."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self._rows: list[Any] = []

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> None:
        """Execute a statement and fetch its rows."""
        await self._run(lambda cursor: cursor.execute(sql, parameters))

    async def executemany(self, sql: str, parameters: Sequence[Sequence[Any]]) -> None:
        """Execute a statement once for each set of parameters."""
        await self._run(lambda cursor: cursor.executemany(sql, parameters))

    async def fetchall(self) -> list[Any]:
        """Return the rows that have been fetched."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Do nothing: in the thread it is closed."""

    async def _run(self, execute: Execute) -> None:
        result = await self._connection.run(execute)
        self.description, self.rowcount, self.lastrowid, self._rows = result


def connect(*args: Any, **options: Any) -> Connection:  # noqa: ANN401  # as for sqlite3.connect
    """Return a connection to be awaited; the options are those of `sqlite3.connect`."""
    connection = Connection(partial(sqlite3.connect, *args, **options), iter_chunk_size=64)
    # As SQLAlchemy does with its own: a connection that was not closed holds up no exit.
    connection._thread.daemon = True  # noqa: SLF001
    return connection
