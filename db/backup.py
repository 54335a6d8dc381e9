"""Copies a SQLite database while it is in use."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url


def back_up(url: str, target: Path) -> None:
    """Write a consistent copy of the SQLite database at `url` to a new file.

    The bot may go on writing meanwhile: SQLite's own backup sees one moment of the database.

    Raises:
        ValueError: The database is not SQLite, does not exist, or `target` exists already.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        msg = "only SQLite is backed up so; for PostgreSQL use pg_dump"
        raise ValueError(msg)
    if not Path(parsed.database).exists():
        msg = f"there is no database {parsed.database}"
        raise ValueError(msg)
    if target.exists():
        msg = f"{target} exists already"
        raise ValueError(msg)
    with (
        closing(sqlite3.connect(parsed.database)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
