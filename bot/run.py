"""What `python -m bot` and `python -m bot check` do with the settings."""

import asyncio
import sys
from collections.abc import Callable

from bot.app import run
from bot.check import check
from bot.listener import PortTaken
from bot.logs import set_up_logging
from bot.settings import BadSettings, Settings, load_settings
from db.migrate import SchemaRefused
from services.photos.memory import return_big_blocks


def run_bot() -> int:
    """Run the bot until it is stopped; return the exit code."""
    return _with_settings(_run)


def run_check() -> int:
    """Return whether all that the bot needs is there; return the exit code."""
    return _with_settings(_check)


def _with_settings(work: Callable[[Settings], int]) -> int:
    try:
        settings = load_settings()
    except BadSettings as error:
        sys.stderr.write(f"{error}\n")
        return 2
    set_up_logging(settings.log_level, settings.log_format, settings.secrets)
    return work(settings)


def _run(settings: Settings) -> int:
    return_big_blocks()
    try:
        asyncio.run(run(settings))
    except PortTaken as error:
        sys.stderr.write(f"HTTP_PORT: {error}\n")
        return 2
    except SchemaRefused as error:
        sys.stderr.write(f"DATABASE_URL: {error}\n")
        return 2
    return 0


def _check(settings: Settings) -> int:
    is_well = asyncio.run(check(settings, lambda line: sys.stdout.write(f"{line}\n")))
    return 0 if is_well else 1
