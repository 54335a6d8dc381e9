"""The sandbox and the bot as processes of their own, and what they have printed."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import httpx

from sandbox.server import DEFAULT_FAL_KEY
from sandbox.telegram.config import DEFAULT_TOKEN
from tests.compared_once import found_well, know_well, schema_of
from tests.conftest import sqlite_template
from tests.forks import Fork

ROOT = Path(__file__).resolve().parents[2]
START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 30.0
"""Handlers get 10 s, confirming the last updates three, and machines of CI are slow."""

SECRETS = (
    DEFAULT_TOKEN,
    DEFAULT_TOKEN.partition(":")[2],
    DEFAULT_FAL_KEY,
    DEFAULT_FAL_KEY.partition(":")[2],
)
COMPLAINTS = ("Traceback", "Unclosed", "never retrieved", "never awaited", "Task was destroyed")


class Running(Protocol):
    """A process that was started, as `subprocess.Popen` has it."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def wait(self, timeout: float | None = None) -> int: ...

    def send_signal(self, sig: int) -> None: ...

    def kill(self) -> None: ...


class Process:
    """A process whose output is kept in a file.

    Args:
        command: The program and its words.
        environment: Its variables, besides what every process has.
        folder: Where it runs and its output is kept.
        forked: The module that the command runs, and its words, where a process forked from one
            that has imported it already does as well; seconds quicker.
    """

    def __init__(
        self,
        command: list[str],
        environment: dict[str, str],
        folder: Path,
        forked: Sequence[str] | None = None,
    ) -> None:
        self._command = command
        self._environment = environment
        self._folder = folder
        self._forked = forked
        self._log = folder / f"{command[-1].replace('/', '_')}.log"
        self._log.touch()
        self._process: Running | None = None

    def start(self) -> None:
        """Start it; outside the repository, so that nobody's .env is read."""
        environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self._folder),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "default::ResourceWarning",
            **self._environment,
        }
        if self._forked is not None:
            schemas = found_well() if self._forked[0] == "bot" else ()
            self._process = Fork(self._forked, environment, self._folder, self._log, schemas)
            return
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and modules
                self._command, cwd=self._folder, env=environment, stdout=log, stderr=log
            )

    def printed(self, after: int = 0) -> str:
        """Return what it has printed, from a byte on."""
        return self._log.read_bytes()[after:].decode(errors="replace")

    @property
    def runs(self) -> bool:
        """Whether it was started and lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def folder(self) -> Path:
        """The folder it was started in."""
        return self._folder

    @property
    def pid(self) -> int:
        """The id of the process that runs."""
        assert self._process is not None
        return self._process.pid

    @property
    def printed_bytes(self) -> int:
        """How much it has printed so far."""
        return self._log.stat().st_size

    def freeze(self) -> None:
        """Stop it where it is; what is sent to it waits unread."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Have it go on where it was frozen."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(STOP_TIMEOUT_S)
            self._process = None

    def stop(self) -> int | None:
        """Ask it to stop, and return its exit code; None when it does not run.

        Raises:
            subprocess.TimeoutExpired: It did not stop in time (and was killed then).
        """
        process, self._process = self._process, None
        if process is None:
            return None
        process.send_signal(signal.SIGTERM)
        try:
            return process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise

    def wait(self) -> int:
        """Wait until it ends by itself, and return its exit code."""
        process, self._process = self._process, None
        assert process is not None
        return process.wait(START_TIMEOUT_S)

    def printed_match(self, pattern: str, after: int = 0) -> str:
        """Wait until it has printed something, and return the first group of the pattern."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < deadline:
            if found := re.search(pattern, self.printed(after)):
                return found[1]
            if self._process is None or self._process.poll() is not None:
                break
            time.sleep(0.02)
        msg = f"{self._command} did not print {pattern}:\n{self.printed()}"
        raise AssertionError(msg)


def start_bot(bot: Process) -> None:
    """Start a bot unless it runs, and wait until it works."""
    if not bot.runs:
        before = bot.printed_bytes
        bot.start()
        bot.printed_match(r"(started with trainer)", after=before)
        if (database := bot.folder / "bot.db").exists():
            # Alembic puts the constraints of a table in any order: a bot that has migrated for
            # itself has a schema of its own, and has compared it.
            know_well([schema_of(database)])


def sandbox_process(folder: Path, *, sketches: bool = True) -> Process:
    """Return the sandbox without a bot, on any free port; its jobs end at once.

    Its pictures are sketches, of which nobody could tell who is on them, unless the test looks.
    """
    words = ["sandbox", "--clock", "0", "--port", "0", *(["--sketches"] if sketches else [])]
    return Process([sys.executable, "-m", *words], {}, folder, words)


def bot_process(url: str, folder: Path, launcher: Sequence[str] = (), **settings: str) -> Process:
    """Return the real bot, pointed at a sandbox, with a database that is migrated already.

    Migrating takes a start twice as long.

    Args:
        url: Where the sandbox is.
        folder: Where the bot runs.
        launcher: A command that takes `python -m bot` as its last words; without one the bot is
            forked from a process that has imported it, see `tests.forks`.
        settings: Settings besides those of every test.
    """
    environment = {
        "BOT_TOKEN": DEFAULT_TOKEN,
        "TELEGRAM_API_URL": url,
        "FAL_KEY": DEFAULT_FAL_KEY,
        "FAL_API_URL": f"{url}/fal",
        "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.db'}",
        "POLL_INTERVAL": "0.2",
        "RECONCILE_TIME": "6",
        "LOG_LEVEL": "INFO",
        "ACCESS": "open",
        # The coach has a test of its own; elsewhere photos are plain coloured surfaces.
        "COACH": "off",
        # First pictures have a test of their own; elsewhere they would stand between questions.
        "PREVIEW_IMAGES": "0",
        # Limits that no test reaches by accident.
        "DAILY_TRAININGS": "1000",
        "DAILY_IMAGES": "1000",
        "DAILY_BUDGET_USD": "100000",
        **settings,
    }
    database = folder / "bot.db"
    if "DATABASE_URL" not in settings and not database.exists():
        database.write_bytes(sqlite_template())
    if settings.get("PAYMENTS") == "stars":
        _wait_until_payments_are_past(url)
    command = [*launcher, sys.executable, "-m", "bot"]
    return Process(command, environment, folder, None if launcher else ["bot"])


def _wait_until_payments_are_past(url: str) -> None:
    """Wait until no payment at a sandbox is of this second.

    Telegram dates payments in whole seconds, so a bot with a new database takes what another test
    has paid in the second of its first look for its own.
    """
    paid = httpx.get(f"{url}/sandbox/stars", trust_env=False).json()["payments"]
    newest = max((payment["date"] for payment in paid), default=0)
    while time.time() < newest + 1:
        time.sleep(newest + 1 - time.time())


def complaints_in(text: str) -> list[str]:
    """Return what must never be printed: secrets, and words that tell of a bug."""
    return [f"printed {word!r}" for word in (*SECRETS, *COMPLAINTS) if word in text]
