"""Which of the waiting updates is handled next."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from bot.incoming import Incoming

TURNS_OF_LATE = 4
"""Of so many turns one is for late updates, while others wait as well."""


class Rank(IntEnum):
    """How soon a lane gets its turn."""

    URGENT = 0
    FRESH = 1
    LATE = 2


@dataclass
class _Lane:
    waiting: deque[Incoming] = field(default_factory=deque)
    is_busy: bool = False
    # Where the lane stands in line; entries of other ranks are left over and passed over.
    rank: Rank | None = None


class Lanes:
    """Updates that wait, in one lane for each user.

    In a lane the order is kept, and one is handled at a time. Lanes take turns: those with
    something urgent first, then those of people who have just written, then those of people who
    have waited for long anyway. A late lane whose user writes again moves up.
    """

    def __init__(self) -> None:
        self._lanes: dict[int, _Lane] = {}
        self._lines: dict[Rank, deque[int]] = {rank: deque() for rank in Rank}
        self._count = 0
        self._turns = 0

    def __len__(self) -> int:
        """Count what waits."""
        return self._count

    def count(self) -> int:
        """Count the lanes in which something waits or is handled."""
        return len(self._lanes)

    def add(self, incoming: Incoming) -> Incoming | None:
        """Have an update wait for its turn.

        Returns:
            The one before it in its lane when that need not be handled any more: the same
            command, which only the newest answer serves.
        """
        lane = self._lanes.setdefault(incoming.lane, _Lane())
        obsolete = None
        if lane.waiting and incoming.repeats(lane.waiting[-1]):
            obsolete = lane.waiting.pop()
            self._count -= 1
        lane.waiting.append(incoming)
        self._count += 1
        self._line_up(incoming.lane, lane)
        return obsolete

    def take(self) -> Incoming | None:
        """Take the next update; its lane is busy until it is released."""
        for rank in self._order():
            line = self._lines[rank]
            while line:
                lane = self._lanes.get(line[0])
                name = line.popleft()
                if lane is not None and lane.rank == rank:
                    lane.rank, lane.is_busy = None, True
                    self._turns += 1
                    self._count -= 1
                    return self._lanes[name].waiting.popleft()
        return None

    def take_parts(self, first: Incoming) -> list[Incoming]:
        """Take what goes on with a text that was taken, in the lane that is busy with it."""
        lane, before, parts = self._lanes[first.lane], first, list[Incoming]()
        while lane.waiting and lane.waiting[0].goes_on(before):
            before = lane.waiting.popleft()
            self._count -= 1
            parts.append(before)
        return parts

    def put_back(self, taken: Incoming) -> None:
        """Have an update that was taken be the first of its lane again, which is still busy."""
        self._lanes[taken.lane].waiting.appendleft(taken)
        self._count += 1

    def release(self, name: int) -> None:
        """Let a lane have its next turn."""
        lane = self._lanes[name]
        lane.is_busy = False
        if lane.waiting:
            self._line_up(name, lane)
        else:
            del self._lanes[name]

    def _line_up(self, name: int, lane: _Lane) -> None:
        rank = min(_rank(lane.waiting[0]), _rank(lane.waiting[-1]))
        if not lane.is_busy and (lane.rank is None or rank < lane.rank):
            lane.rank = rank
            self._lines[rank].append(name)

    def _order(self) -> Iterator[Rank]:
        if self._turns % TURNS_OF_LATE == TURNS_OF_LATE - 1:
            yield Rank.LATE
        yield from Rank


def _rank(incoming: Incoming) -> Rank:
    if incoming.is_urgent:
        return Rank.URGENT
    return Rank.LATE if incoming.is_late else Rank.FRESH
