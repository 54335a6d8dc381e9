"""`python -m bot` runs the bot; `check` and `backup FILE` after it do what they say."""

import asyncio
import sys
from pathlib import Path

from bot.app import run
from bot.check import check
from bot.logs import set_up_logging
from bot.settings import BadSettings, Settings, load_settings
from db.backup import back_up
from db.migrate import SchemaRefused
from services.photos.memory import return_big_blocks

USAGE = "usage: python -m bot [check | backup FILE]"


def main(words: list[str]) -> int:
    """Do what the command line says; give the exit code."""
    if words and words[0] in {"help", "--help", "-h"}:
        sys.stdout.write(f"{USAGE}\n")
        return 0
    try:
        settings = load_settings()
    except BadSettings as error:
        return _refuse(str(error))
    set_up_logging(settings.log_level, settings.log_format, settings.secrets)
    match words:
        case []:
            return _run(settings)
        case ["check"]:
            is_well = asyncio.run(check(settings, lambda line: sys.stdout.write(f"{line}\n")))
            return 0 if is_well else 1
        case ["backup", target]:
            return _back_up(settings, Path(target))
        case _:
            return _refuse(USAGE)


def _run(settings: Settings) -> int:
    return_big_blocks()
    try:
        asyncio.run(run(settings))
    except SchemaRefused as error:
        return _refuse(f"DATABASE_URL: {error}")
    return 0


def _back_up(settings: Settings, target: Path) -> int:
    try:
        back_up(settings.database_url, target)
    except ValueError as error:
        return _refuse(str(error))
    sys.stdout.write(f"{target} holds the database\n")
    return 0


def _refuse(line: str) -> int:
    sys.stderr.write(f"{line}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
