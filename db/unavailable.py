"""Tells a database that cannot work now from a statement that is wrong."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout

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

SQLSTATES = ("08", "25P03", "40", "53", "57", "58", "55P03")
"""Classes: connection, rollback, resources, operator, system; a transaction that was idle for too
long, and a lock that is not available."""


def is_unavailable(error: Exception) -> bool:
    """Return whether an error tells of the database and not of what was asked of it."""
    if isinstance(error, PoolTimeout | InterfaceError | OSError):
        return True
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    code = getattr(cause, "sqlite_errorcode", None)
    if isinstance(code, int):
        # The low byte of an extended code is the primary one.
        return code & 0xFF in SQLITE_CODES
    return str(getattr(cause, "sqlstate", None) or "").startswith(SQLSTATES)
