"""Brings a database to the newest schema; called at every start.

There is no way back but a backup made before: an older schema has no place for newer rows.
"""

import functools
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from db.database import Database
from db.refused import DatabaseOutOfReach, SchemaRefused
from db.schema import Columns, columns_of, differences, missing_or_unexpected
from db.unavailable import is_unavailable

MIGRATIONS = Path(__file__).parent / "migrations"
NAMED_AT_MOST = 3

ROOM_BYTES = 100_000
"""With less than this SQLite cannot open a database: its shared memory alone takes 32 KB."""

MIGRATING = 0x6E705F6D
"""The advisory lock at PostgreSQL of whoever migrates; any number that nobody else uses."""

COPYING = "copying-"
"""Stands before the revision of a database as long as `db.moving` has not copied all rows."""


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration bound to an open connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database, revision: str = "head") -> None:
    """Upgrade the schema to `revision`, keeping all rows.

    Raises:
        SchemaRefused: The schema is not what its revision says, or is newer than the code. Then
            nothing was changed.
        DatabaseOutOfReach: It cannot be opened.
    """
    await reach(database)
    try:
        async with database.engine.connect() as connection:
            await connection.run_sync(_migrate, revision)
    except Exception as error:
        if not is_unavailable(error):
            raise
        raise _out_of_reach(database, error) from error


async def reach(database: Database) -> None:
    """Return if a database can be opened.

    Raises:
        DatabaseOutOfReach: It cannot.
    """
    try:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:  # drivers raise whatever they like
        raise _out_of_reach(database, error) from error


def _out_of_reach(database: Database, error: Exception) -> DatabaseOutOfReach:
    return DatabaseOutOfReach(f"{type(error).__name__}; {_advice(database, error)}")


def _advice(database: Database, error: Exception) -> str:
    if _is_disk_full(database, error):
        return "the disk is full: make room, then start again"
    if database.engine.dialect.name == "postgresql":
        if "too many" in str(error):
            return "it gives no more connections: raise max_connections, or stop what holds them"
        return "start PostgreSQL, or fix host, user and password in DATABASE_URL"
    if "is locked" in str(error):
        return "another program holds it: stop that, then start again"
    if "not a database" in str(error) or "malformed" in str(error):
        return "the file is damaged: restore a backup with `python -m bot restore FILE --force`"
    return "let this user write to the folder in DATABASE_URL, or name another one"


def _is_disk_full(database: Database, error: Exception) -> bool:
    # SQLite's words, and the system's in those of PostgreSQL.
    if "disk is full" in str(error) or "No space left" in str(error):
        return True
    if database.engine.dialect.name != "sqlite":
        return False
    # What SQLite keeps beside the file could not be made: that it calls an I/O error.
    try:
        return shutil.disk_usage(Path(str(database.engine.url.database)).parent).free < ROOM_BYTES
    except OSError:
        return False


@functools.cache
def _revisions() -> tuple[str, ...]:
    # Reading them imports every migration.
    script = ScriptDirectory(str(MIGRATIONS))
    return tuple(entry.revision for entry in script.walk_revisions())


def head_revision() -> str:
    """Return the newest revision."""
    return _revisions()[0]


async def pending_migrations(database: Database) -> int:
    """Count the migrations that the next start would run; changes nothing.

    Raises:
        SchemaRefused: As for `migrate`.
        DatabaseOutOfReach: As for `migrate`.
    """
    await reach(database)
    async with database.engine.connect() as connection:
        return await connection.run_sync(_count_pending)


def _migrate(connection: Connection, revision: str) -> None:
    with _foreign_keys_off(connection), _alone(connection):
        if _count_pending(connection):
            command.upgrade(alembic_config(connection), revision)
            _check_references(connection)
            # The outcome is compared before it is committed.
            _count_pending(connection)
        connection.commit()


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild a table without deleting the rows that hang on it.

    Dropping the old table would cascade (https://sqlite.org/lang_altertable.html, section 7). The
    switch works outside of transactions only.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    _pragma(connection, "foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        _pragma(connection, "foreign_keys = ON")


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Have replicas that start together migrate one after the other.

    A session's lock, as migrations may commit.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATING})
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATING})
        connection.rollback()


def _pragma(connection: Connection, words: str) -> None:
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA {words}")
    cursor.close()


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            msg = f"rows of {broken[0][0]} lost what they belong to; nothing was changed"
            raise SchemaRefused(msg)


def _count_pending(connection: Connection) -> int:
    known = _revisions()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current.startswith(COPYING):
        msg = "migrate-database has not copied all rows into it: run it again, with the same words"
        raise SchemaRefused(msg)
    if current is not None and current not in known:
        msg = (
            f"the schema has revision {current}, which this version does not know: update"
            " NeuroPhoto, or restore a backup made before the update"
        )
        raise SchemaRefused(msg)
    pending = known.index(current) if current else len(known)
    differing = (
        missing_or_unexpected(connection, _columns_at(current))
        if pending
        else differences(connection)
    )
    if differing:
        raise SchemaRefused(_refusal(current, differing))
    return pending


def _columns_at(revision: str | None) -> Columns:
    """Return the columns that the migrations up to `revision` make in an empty database."""
    if revision is None:
        return {}
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        command.upgrade(alembic_config(connection), revision)
        columns = columns_of(connection)
    engine.dispose()
    return {name: found for name, found in columns.items() if name != "alembic_version"}


def _refusal(revision: str | None, differing: list[str]) -> str:
    more = len(differing) - NAMED_AT_MOST
    named = ", ".join(differing[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
    return (
        f"the schema is not that of revision {revision or 'none'} ({named}): it was changed by"
        " hand or made before 22 November 2026, and cannot be migrated; restore a backup or set"
        " DATABASE_URL to a new database"
    )
