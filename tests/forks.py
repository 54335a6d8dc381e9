"""Processes forked from one that has imported the bot and the sandbox already.

Importing the bot takes seconds of CPU, and the tests start it more than a hundred times. What runs
is the same: `python -m bot`, in a process of its own. What is done once
for all of them is in `tests.preloaded`.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import warnings
from collections.abc import Collection, Sequence
from pathlib import Path

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.forks", "tests.preloaded"])


def _run(
    command: Sequence[str],
    environment: dict[str, str],
    folder: Path,
    log: Path,
    schemas: Collection[str],
) -> None:
    """Become `python -m COMMAND`, with these variables, this folder and this output."""
    if schemas:
        from tests.compared_once import know_well  # noqa: PLC0415  # not all tests have a database

        know_well(schemas)
    output = os.open(log, os.O_WRONLY | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(write_through=True)  # type: ignore[union-attr]
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    module = command[0]
    sys.argv = list(command)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # What PYTHONWARNINGS does when an interpreter starts.
    warnings.simplefilter("default", ResourceWarning)
    runpy.run_module(module, run_name="__main__", alter_sys=True)


class Fork:
    """`python -m COMMAND` in a forked process, to be used as `subprocess.Popen` is.

    Args:
        command: The module to run, whose imports are at best among those preloaded, and its words.
        environment: All its variables.
        folder: The folder it runs in.
        log: The file that takes what it prints; it exists.
        schemas: Digests of those for which the check at start need not be made once more, see
            `tests.compared_once`; without any, every schema is checked.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        folder: Path,
        log: Path,
        schemas: Collection[str] = (),
    ) -> None:
        words = (command, environment, folder, log, schemas)
        self._process = _context.Process(target=_run, args=words)
        self._process.start()

    @property
    def pid(self) -> int:
        """The id of the process."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Return the exit code, minus the signal that ended it; None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends, and return the exit code.

        Raises:
            subprocess.TimeoutExpired: It still runs after so many seconds.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("fork", timeout or 0)
        return self._process.exitcode

    def send_signal(self, sig: int) -> None:
        """Send it a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, sig)

    def kill(self) -> None:
        """End it as a crash would."""
        self._process.kill()
