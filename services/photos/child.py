"""The photo process as the bot sees it: started, asked, ended."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path

from services.photos.limits import Limits
from services.photos.messages import BrokenMessage, Message, receive_message

_ROOT = Path(__file__).resolve().parents[2]
_PIECE_BYTES = 256 * 1024
_GRACE_S = 10
"""The process keeps its limit on time itself; this is for one that was stopped (SIGSTOP)."""


class PhotoProcessEnded(Exception):
    """The photo process ended in the middle of a piece of work, killed by it or by a limit."""


class PhotoChild:
    """One photo process; asked for one thing at a time."""

    def __init__(self, process: Process, limits: Limits) -> None:
        self._process = process
        self._limits = limits
        self._is_ended = False

    @classmethod
    async def start(cls, limits: Limits, *, has_coach: bool = False) -> "PhotoChild":
        """Start a process that inherits neither environment nor files, in a session of its own.

        Args:
            limits: What one piece of work may take.
            has_coach: Whether it looks at photos, too.

        Raises:
            OSError: The system cannot start one now.
        """
        words = [limits.cpu_s, limits.wall_s, limits.memory_mb, *(["coach"] if has_coach else [])]
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.photos.process",
            *map(str, words),
            stdin=PIPE,
            stdout=PIPE,
            cwd=_ROOT,
            env={"OPENBLAS_NUM_THREADS": "1"} if has_coach else {},
            start_new_session=True,
        )
        return cls(process, limits)

    @property
    def works(self) -> bool:
        """Whether it can be asked for something."""
        return not self._is_ended and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    async def ask(self, request: Message) -> Message:
        """Have one piece of work done; whatever is raised, the process is of no use any more.

        Raises:
            PhotoProcessEnded: It did not live to answer.
        """
        try:
            async with asyncio.timeout(self._limits.wall_s + _GRACE_S):
                return await self._exchange(request)
        except (BrokenMessage, ConnectionError, TimeoutError) as error:
            self.end()
            await self.gone()
            raise PhotoProcessEnded(f"exit code {self._process.returncode}") from error
        except BaseException:
            self.end()
            raise

    async def _exchange(self, request: Message) -> Message:
        writer, reader = self._process.stdin, self._process.stdout
        assert writer is not None  # noqa: S101  (it was started with pipes)
        assert reader is not None  # noqa: S101
        for piece in request.pieces():
            for start in range(0, len(piece), _PIECE_BYTES):
                try:
                    writer.write(memoryview(piece)[start : start + _PIECE_BYTES])
                except RuntimeError as error:
                    # So uvloop says of a pipe that has just been broken.
                    raise ConnectionResetError from error
                await writer.drain()
        return await receive_message(reader)

    def end(self) -> None:
        """End it now; nothing that is not repeated is lost with it."""
        self._is_ended = True
        with suppress(ProcessLookupError):
            self._process.kill()

    async def gone(self) -> None:
        """Wait until nothing is left of an ended process."""
        await self._process.communicate()
