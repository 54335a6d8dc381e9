"""Tells a database that cannot work now from a statement that is wrong."""

import sqlite3

from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine

SQLITE_CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
"""Primary result codes (https://sqlite.org/rescode.html) that say nothing of the statement."""

SQLSTATES = (
    "08",
    "25006",
    "25P03",
    "25P04",
    "28",
    "3D000",
    "40",
    "42501",
    "53",
    "55000",
    "55P03",
    "57",
    "58",
)
"""Codes and classes that say nothing of the statement, from
https://www.postgresql.org/docs/current/errcodes-appendix.html. Classes: connection, authorization,
rollback, resources, operator, system. Codes: a server that only reads (a standby, or a full disk),
a transaction that was idle or took for too long, no such database, a right that was taken away, a
database that takes no connections, and a lock that is not available."""


def is_unavailable(error: Exception) -> bool:
    """Return whether an error tells of the database and not of what was asked of it."""
    if isinstance(error, PoolTimeout | InterfaceError | OSError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    if type(error).__module__.startswith("asyncpg."):
        # SQLAlchemy translates what a statement raises; the others tell of the connection.
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        # The low byte of an extended code is the primary one.
        return code & 0xFF in SQLITE_CODES
    return str(getattr(cause, "sqlstate", None) or "").startswith(SQLSTATES)


def note_failed_connecting(engine: AsyncEngine) -> None:
    """Have every error of connecting count as unavailable, whatever its code."""

    def note(context: ExceptionContext) -> None:
        if context.connection is None:
            context.is_disconnect = True

    event.listen(engine.sync_engine, "handle_error", note)
