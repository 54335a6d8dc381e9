"""The bot as a process of its own: started, stopped, killed on demand."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[1]
BOT_COMMAND = (sys.executable, "-m", "bot")
_STOP_GRACE_S = 15.0


class BotProcess:
    """Owner of one bot process; its output goes where ours goes.

    Args:
        environment: variables set over our own environment.
        on_change: called whenever the process has started or ended.
        command: what to run, from the repository's folder.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        on_change: Callable[[], None],
        command: Sequence[str] = BOT_COMMAND,
    ) -> None:
        self._environment = {**os.environ, **environment}
        self._on_change = on_change
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._watcher: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the bot unless it runs."""
        if self.running:
            return
        # A group of its own: Ctrl-C in the terminal reaches us, and we stop the bot in order.
        self._process = await asyncio.create_subprocess_exec(
            *self._command, cwd=ROOT, env=self._environment, start_new_session=True
        )
        # This object keeps the reference, and the task ends with the process it watches.
        self._watcher = asyncio.create_task(self._watch(self._process))  # noqa: TID251
        self._on_change()

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL for a bot that is still there after 15 s; returns when it ended."""
        if self._process is None or self._watcher is None:
            return
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(_STOP_GRACE_S):
                await asyncio.shield(self._watcher)
        except TimeoutError:
            log.warning("The bot did not stop within %.0f s: killing it", _STOP_GRACE_S)
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL, as a crash would; returns when the process ended."""
        self._signal(signal.SIGKILL)
        if self._watcher is not None:
            await asyncio.shield(self._watcher)

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self.running:
            self._process.send_signal(number)

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        code = await process.wait()
        log.info("The bot ended with code %s", code)
        self._on_change()
