"""Copies a SQLite database while it is in use, and puts a copy back."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from db.private_files import make_private

LOCK_PATIENCE_S = 1.0


def back_up(url: str, target: Path) -> None:
    """Write a consistent copy of the SQLite database at `url` to a new file.

    The bot may go on writing meanwhile: SQLite's own backup sees one moment of the database.

    Raises:
        ValueError: The database is not SQLite or does not exist, `target` exists already, or its
            folder does not.
        OSError: The database cannot be read, or `target` cannot be written.
    """
    database = _path(url)
    if not database.is_file():
        msg = f"there is no database {database}; look at DATABASE_URL and the folder you are in"
        raise ValueError(msg)
    if target.exists():
        msg = f"{target} exists already"
        raise ValueError(msg)
    if not target.absolute().parent.is_dir():
        msg = f"there is no folder {target.parent}"
        raise ValueError(msg)
    _copy(database, target)


def restore(url: str, backup: Path, *, force: bool = False) -> Path | None:
    """Put a backup in the place of the SQLite database at `url`.

    Args:
        url: Whose database; the file need not exist.
        backup: What `back_up` wrote.
        force: Replace a database that has tables; it is kept beside the new one.

    Returns:
        Where the replaced database is kept, or None where there was none.

    Raises:
        ValueError: The backup is damaged or no database of ours, a bot runs on the database, or
            there is one and `force` was not given. Nothing was changed.
        OSError: The database cannot be written.
    """
    database = _path(url)
    _verify(backup)
    is_replaced = database.exists() and _has_tables(database)
    if is_replaced and not force:
        msg = f"{database} is not empty; --force replaces it and keeps the old one beside it"
        raise ValueError(msg)
    database.parent.mkdir(parents=True, exist_ok=True)
    coming = database.with_name(f"{database.name}.restoring")
    coming.unlink(missing_ok=True)
    _copy(backup, coming)
    kept = database.with_name(f"{database.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%S}")
    # The log of a database that crashed or was lost would be read into the one that comes.
    for suffix in ("-wal", "-shm"):
        log = database.with_name(f"{database.name}{suffix}")
        if log.exists():
            log.rename(f"{kept}{suffix}")
    if is_replaced:
        database.rename(kept)
    coming.rename(database)
    return kept if is_replaced else None


def _path(url: str) -> Path:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        msg = "this is for SQLite; for PostgreSQL use pg_dump and pg_restore"
        raise ValueError(msg)
    return Path(parsed.database)


def _copy(source: Path, target: Path) -> None:
    make_private(target)
    try:
        with (
            closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as opened,
            closing(sqlite3.connect(target)) as copy,
        ):
            opened.backup(copy)
            # A copy is one file, which opens in a read-only folder too.
            copy.execute("PRAGMA journal_mode = DELETE")
        _verify(target)
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        msg = f"{source} cannot be copied to {target}: {error}"
        raise OSError(msg) from error
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _verify(path: Path) -> None:
    if not path.is_file():
        msg = f"there is no file {path}"
        raise ValueError(msg)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            (outcome,) = opened.execute("PRAGMA integrity_check").fetchone()
            tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master")}
    except sqlite3.DatabaseError as error:
        msg = f"{path} cannot be read as a database: {error}"
        raise ValueError(msg) from error
    if outcome != "ok" or not {"alembic_version", "users"} <= tables:
        msg = f"{path} is damaged or no database of this bot"
        raise ValueError(msg)


def _has_tables(database: Path) -> bool:
    """Return whether there is anything in a database, having made sure that nobody uses it."""
    try:
        make_sure_nobody_uses(database)
        with closing(sqlite3.connect(database)) as opened:
            (count,) = opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.DatabaseError:
        return True  # A damaged database is what a backup is for; it is kept beside the new one.
    return bool(count)


def make_sure_nobody_uses(database: Path) -> None:
    """Return if no bot has a SQLite database open.

    A connection to a database in WAL mode holds a lock as long as it is open, and only who is
    alone can leave that mode; what is still in the WAL goes into the file then.

    Raises:
        ValueError: One has.
        sqlite3.DatabaseError: The file is damaged, or no database.
    """
    try:
        with closing(sqlite3.connect(database, timeout=LOCK_PATIENCE_S)) as opened:
            opened.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        msg = f"{database} is in use: stop the bot first"
        raise ValueError(msg) from error
