"""The one owner of background tasks."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Self

from db.fence import fenced
from services.domain.trouble import DatabaseUnavailable

logger = logging.getLogger(__name__)

PAUSE_S = 1.0
"""How long it is waited after a failure of what is to run for ever."""

NEW_AFTER_S = 60.0
"""What has run for so long when it fails has failed once more, and that is logged."""


class Nursery:
    """Starts tasks, keeps references to them, logs their failures, cancels them on leaving.

    What is meant to run for ever, or until something has come about, is started with `keep`: it
    survives any `Exception`, which is logged once, and goes on after a pause.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Return the nursery itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Cancel what still runs and wait until it has ended."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def start(self, work: Coroutine[None, None, None], *, name: str) -> asyncio.Task[None]:
        """Run a coroutine in the background; a failure of it is logged as a bug."""
        # What goes on by itself is not the claimed work in which it was started.
        with fenced(None):
            task = asyncio.create_task(work, name=name)  # noqa: TID251  # this is the owner
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def keep(
        self, work: Callable[[], Coroutine[None, None, None]], *, name: str
    ) -> asyncio.Task[None]:
        """Run work in the background until it returns; where it raises, it is begun again.

        Args:
            work: Makes the coroutine.
            name: For the log.
        """
        return self.start(_kept(work, name), name=name)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, DatabaseUnavailable):
            logger.warning("background task %s ends for the database: %s", task.get_name(), error)
        else:
            logger.error("background task %s failed", task.get_name(), exc_info=error)


async def _kept(work: Callable[[], Coroutine[None, None, None]], name: str) -> None:
    is_logged = False
    while True:
        begun_at = time.monotonic()
        try:
            await work()
        except Exception as error:  # noqa: BLE001  # it is to run for ever
            if not is_logged or time.monotonic() - begun_at >= NEW_AFTER_S:
                _log_kept(name, error)
            is_logged = True
            await asyncio.sleep(PAUSE_S)
        else:
            return


def _log_kept(name: str, error: Exception) -> None:
    if isinstance(error, DatabaseUnavailable):
        logger.warning("background task %s waits for the database: %s", name, error)
    else:
        logger.error("background task %s failed and goes on", name, exc_info=error)
