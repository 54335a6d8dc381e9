"""`python -m bot` runs the bot; the words after it do something else (`--help` names them)."""

import gc
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bot.heartbeat import health
from bot.lean_aiogram import import_aiogram

USAGE = """usage: python -m bot [COMMAND]

without a command     run the bot
check                 say whether all it needs is there, who is let in, and every limit
verify                ask the real services what only they tell; costs money, asks first
health                exit with 0 if the bot of this folder polls Telegram
backup FILE           copy the SQLite database to a new file, while the bot runs
restore FILE          put a copy in the place of a missing or empty database
restore FILE --force  replace the database, which is kept beside the new one
migrate-database TARGET            copy the SQLite database to the empty PostgreSQL database
                                   TARGET, compare them row for row; run again if it was cut off
migrate-database TARGET --migrate  bring an older SQLite database to the newest schema first

Stop the bot before restore and migrate-database. These, backup and health need no token or key.
"""


def main(words: list[str]) -> int:
    """Do what the command line says.

    What a command does not need is not imported: aiogram alone takes seconds.

    Returns:
        The exit code: 0 when it went well, 1 for bad news, 2 for what could not be begun.
    """
    work: Callable[[], int]
    match words:
        case []:
            work = _run
        case [name] if name in ALONE:
            work = ALONE[name]
        case ["verify", *options]:
            work = partial(_verify, options)
        case [_, *options] if {"--help", "-h"} & {*options}:
            work = _help
        case ["backup", file] if not file.startswith("-"):
            work = partial(_back_up, Path(file))
        case ["restore", file] if not file.startswith("-"):
            work = partial(_restore, Path(file))
        case ["restore", "--force", file] | ["restore", file, "--force"]:
            work = partial(_restore, Path(file), force=True)
        case ["migrate-database", target] if not target.startswith("-"):
            work = partial(_move, target)
        case ["migrate-database", "--migrate", target] | ["migrate-database", target, "--migrate"]:
            work = partial(_move, target, migrates=True)
        case _:
            work = partial(_refuse, f"not understood: {' '.join(words)}\n\n{USAGE.rstrip()}")
    return work()


def _help() -> int:
    sys.stdout.write(USAGE)
    return 0


def _health() -> int:
    is_well, line = health()
    sys.stdout.write(f"{line}\n")
    return 0 if is_well else 1


def _run() -> int:
    # What is imported stays. Looking for garbage in it takes a fifth of a start, and finds
    # next to none.
    gc.disable()
    import_aiogram()
    from bot.run import run_bot  # noqa: PLC0415

    gc.freeze()
    gc.enable()
    return run_bot()


def _check() -> int:
    import_aiogram()
    from bot.run import run_check  # noqa: PLC0415

    return run_check()


def _verify(options: list[str]) -> int:
    import_aiogram()
    from bot.run import run_verify  # noqa: PLC0415

    return run_verify(options)


def _back_up(target: Path) -> int:
    from bot.settings import BadSettings, load_database_settings  # noqa: PLC0415
    from db.backup import back_up  # noqa: PLC0415

    try:
        back_up(load_database_settings().database_url, target)
    except (BadSettings, ValueError, OSError) as error:
        return _refuse(str(error))
    sys.stdout.write(f"{target} holds the database\n")
    return 0


def _restore(backup: Path, *, force: bool = False) -> int:
    from bot.settings import BadSettings, load_database_settings  # noqa: PLC0415
    from db.backup import restore  # noqa: PLC0415

    try:
        kept = restore(load_database_settings().database_url, backup, force=force)
    except (BadSettings, ValueError, OSError) as error:
        return _refuse(str(error))
    sys.stdout.write(f"the database is that of {backup}\n")
    if kept:
        sys.stdout.write(f"the one before is {kept}\n")
    return 0


def _move(target: str, *, migrates: bool = False) -> int:
    from bot.move import move_database  # noqa: PLC0415

    return move_database(target, migrates=migrates)


def _refuse(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return 2


ALONE: dict[str, Callable[[], int]] = {
    "check": _check,
    "health": _health,
    "help": _help,
    "--help": _help,
    "-h": _help,
}
"""The commands that take no further words."""

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
