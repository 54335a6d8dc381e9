"""When each of many rows is due: a heap, so that a row that waits costs some bytes and no task."""

import heapq
import itertools


class Schedule:
    """Gives out what is due, the longest due first. A row has one time at most."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, str]] = []
        # The entry that counts for a row; those before it stay in the heap until they are due.
        self._entries: dict[str, int] = {}
        self._numbers = itertools.count()

    def __len__(self) -> int:
        """Count the rows that wait."""
        return len(self._entries)

    def put(self, row_id: str, at: float) -> None:
        """Have a row due at a time, whenever it was due before."""
        number = next(self._numbers)
        self._entries[row_id] = number
        heapq.heappush(self._heap, (at, number, row_id))

    def remove(self, row_id: str) -> None:
        """Have a row not due any more."""
        self._entries.pop(row_id, None)

    @property
    def next_at(self) -> float | None:
        """When the next row is due; None where none waits."""
        while self._heap and self._entries.get(self._heap[0][2]) != self._heap[0][1]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, until: float) -> str | None:
        """Return a row that is due by then, which waits no more; None where there is none."""
        at = self.next_at
        if at is None or at > until:
            return None
        _, _, row_id = heapq.heappop(self._heap)
        del self._entries[row_id]
        return row_id
