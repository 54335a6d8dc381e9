"""`python -m bot migrate-database`: from SQLite to PostgreSQL."""

import asyncio
import sys

from bot.settings import BadSettings, load_database_settings
from db.database import check_url
from db.moving.move import MoveFailed, move
from db.moving.target import MoveRefused
from db.refused import SchemaRefused

NEXT = """
Next: set DATABASE_URL to the new database in .env, run `python -m bot check`, start the bot. Keep
the SQLite file until all is well, and start no bot on it again: it would do the same jobs again.
"""

CUT_OFF = 130
"""What a shell reports of a command that was ended with Ctrl+C."""


def move_database(target_url: str, *, migrates: bool) -> int:
    """Copy the database of DATABASE_URL to another one; return the exit code."""
    try:
        check_url(target_url)
        source_url = load_database_settings().database_url
        asyncio.run(move(source_url, target_url, _say, migrates=migrates))
    except (BadSettings, MoveRefused, SchemaRefused, ValueError) as error:
        return _complain(str(error), 2)
    except MoveFailed as error:
        return _complain(f"not complete: {error}", 1)
    except KeyboardInterrupt:
        return _complain("not complete: run it again to go on", CUT_OFF)
    _say(NEXT.strip())
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _complain(line: str, code: int) -> int:
    sys.stderr.write(f"{line}\n")
    return code
