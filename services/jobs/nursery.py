"""The one owner of background tasks."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Self

from db.fence import fenced

logger = logging.getLogger(__name__)


class Nursery:
    """Starts tasks, keeps references to them, logs their failures, cancels them on leaving."""

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

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("background task %s failed", task.get_name(), exc_info=error)
