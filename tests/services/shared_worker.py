"""A photo process for all tests of a session: starting one takes longer than most of its work."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread

from services.photos.messages import Message
from services.photos.worker import PhotoWorker


class SharedWorker(PhotoWorker):
    """A worker of one test, which has its work done by the process of all of them.

    Args:
        owner: Has the process.
        loop: What the owner runs on, in a thread of its own.
    """

    def __init__(self, owner: PhotoWorker, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(has_coach=owner.has_coach)
        self._owner, self._loop = owner, loop

    @property
    def process_id(self) -> int | None:
        return self._owner.process_id

    async def _ask(self, request: Message) -> Message:
        asked = asyncio.run_coroutine_threadsafe(self._owner._ask(request), self._loop)
        return await asyncio.wrap_future(asked)


@contextmanager
def shared_workers(*, has_coach: bool = False) -> Iterator[Callable[[], SharedWorker]]:
    """Give what makes a worker for each test, whatever loop that runs on."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="photo process")
    thread.start()
    owner = PhotoWorker(has_coach=has_coach)
    yield lambda: SharedWorker(owner, loop)
    asyncio.run_coroutine_threadsafe(owner.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
