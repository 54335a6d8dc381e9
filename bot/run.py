"""What `python -m bot`, `check` and `verify` do with the settings."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import ExitStack
from typing import Any

from bot.app import run
from bot.listener import PortTaken, listening
from bot.logs import set_up_logging
from bot.migration import migrate_apart
from bot.question import ask
from bot.settings import BadSettings, Settings, load_settings
from db.refused import DatabaseOutOfReach, SchemaRefused
from services.domain.trouble import DatabaseUnavailable
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
        with ExitStack() as stack:
            listener = None
            if settings.http_port is not None:
                # What cannot work is said before anything begins.
                listener = stack.enter_context(listening(settings.http_host, settings.http_port))
            migrate_apart(settings.database_url)
            _run_on_uvloop(run(settings, listener))
    except PortTaken as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except (SchemaRefused, DatabaseOutOfReach) as error:
        sys.stderr.write(f"DATABASE_URL: {error}\n")
        return 2
    except DatabaseUnavailable as error:
        sys.stderr.write(f"DATABASE_URL: it cannot be used now ({error}); start again later\n")
        return 2
    return 0


def _run_on_uvloop(work: Coroutine[Any, Any, None]) -> None:
    # What it gains is in docs/benchmarks.md; the other commands do without.
    import uvloop  # noqa: PLC0415

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)


def _check(settings: Settings) -> int:
    from bot.check import check  # noqa: PLC0415

    is_well = asyncio.run(check(settings, _say))
    return 0 if is_well else 1


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
