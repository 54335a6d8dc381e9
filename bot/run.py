"""What `python -m bot`, `check` and `verify` do with the settings."""

import asyncio
import sys
from collections.abc import Callable, Sequence

from bot.app import run
from bot.listener import PortTaken
from bot.logs import set_up_logging
from bot.question import ask
from bot.settings import BadSettings, Settings, load_settings
from db.migrate import DatabaseOutOfReach, SchemaRefused
from services.photos.memory import return_big_blocks


def run_bot() -> int:
    """Run the bot until it is stopped; return the exit code."""
    return _with_settings(_run)


def run_check() -> int:
    """Return whether all that the bot needs is there; return the exit code."""
    return _with_settings(_check)


def run_verify(words: Sequence[str]) -> int:
    """Ask the real services what only they can tell; return the exit code."""
    from bot.verify import Verify, read_options, run_to_the_end  # noqa: PLC0415

    options = read_options(words)
    return _with_settings(lambda settings: run_to_the_end(Verify(settings, options, _say, ask)))


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
        sys.stderr.write(f"{error}\n")
        return 2
    except (SchemaRefused, DatabaseOutOfReach) as error:
        sys.stderr.write(f"DATABASE_URL: {error}\n")
        return 2
    return 0


def _check(settings: Settings) -> int:
    from bot.check import check  # noqa: PLC0415

    is_well = asyncio.run(check(settings, _say))
    return 0 if is_well else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
