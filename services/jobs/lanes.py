"""Lanes for work that waits for others: bounded, and with turns that go round by user."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class LaneClosed(Exception):
    """No turn is given any more: the process is being stopped."""


class Lane:
    """Lets a bounded number of pieces of work go on at a time.

    One user holds at most `per_user` places however much is theirs, so whoever waits for a slow
    peer or for their own chat's rate limit keeps nobody else waiting. A free place goes to the
    user whose last turn is the longest ago.

    Args:
        size: Places for everybody together.
        per_user: Places for one user.
    """

    def __init__(self, size: int, per_user: int) -> None:
        self._size = size
        self._per_user = per_user
        self._taken: Counter[int] = Counter()
        # In the order of turns; a user who gets one goes to the end.
        self._waiting: dict[int, deque[asyncio.Future[None]]] = {}
        self._is_closed = False

    @asynccontextmanager
    async def turn(self, user_id: int) -> AsyncIterator[None]:
        """Wait for a place and hold it.

        Raises:
            LaneClosed: There are no more turns.
        """
        await self._enter(user_id)
        try:
            yield
        finally:
            self._leave(user_id)

    def close(self) -> None:
        """Give no more turns; those under way go on."""
        self._is_closed = True
        for queue in self._waiting.values():
            for turn in queue:
                if not turn.done():
                    turn.set_exception(LaneClosed())
        self._waiting.clear()

    async def _enter(self, user_id: int) -> None:
        if self._is_closed:
            raise LaneClosed
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(user_id, deque()).append(turn)
        self._admit()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._leave(user_id)
            raise

    def _leave(self, user_id: int) -> None:
        self._taken[user_id] -= 1
        if not self._taken[user_id]:
            del self._taken[user_id]
        self._admit()

    def _admit(self) -> None:
        for user_id in list(self._waiting):
            if self._taken.total() >= self._size:
                return
            if self._taken[user_id] < self._per_user:
                self._give_turn(user_id)

    def _give_turn(self, user_id: int) -> None:
        queue = self._waiting.pop(user_id)
        while queue:
            turn = queue.popleft()
            if not turn.done():
                self._taken[user_id] += 1
                turn.set_result(None)
                break
        if queue:
            self._waiting[user_id] = queue


class Lanes:
    """The lanes of paid jobs: what waits in one keeps nothing in another waiting.

    The sizes keep a process with slow peers within some hundred sockets; a training's photos are
    unpacked by the bounded photo worker. With fal's usual 0.1 to 0.3 s for an answer, `watching`
    is enough for several hundred looks in a second.
    """

    def __init__(self) -> None:
        self.wording = Lane(size=16, per_user=2)
        self.packing = Lane(size=8, per_user=1)
        self.submitting = Lane(size=16, per_user=2)
        self.watching = Lane(size=64, per_user=4)
        self.delivering = Lane(size=64, per_user=1)
        # First pictures, which are looked at by the photo worker before they are sent.
        self.comparing = Lane(size=8, per_user=1)
        # To users' own programs, which may be slow to answer.
        self.programs = Lane(size=32, per_user=2)

    def close(self) -> None:
        """Give no more turns in any lane."""
        for lane in vars(self).values():
            if isinstance(lane, Lane):
                lane.close()
