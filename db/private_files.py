"""Keeps SQLite's files to their owner: they hold what people wrote and who they are."""

import contextlib
from pathlib import Path

OWNER_ONLY = 0o600


def make_private(database: Path) -> None:
    """Let only the owner read a database and what SQLite keeps beside it; make a missing one.

    SQLite gives its WAL and SHM the mode of the database. A file that belongs to somebody else,
    as on a mounted volume, is left as it is.
    """
    with contextlib.suppress(OSError):
        database.touch(mode=OWNER_ONLY)
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            database.with_name(database.name + suffix).chmod(OWNER_ONLY)
