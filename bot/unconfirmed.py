"""Which updates Telegram may be told are done with."""

from collections.abc import Collection


class Unconfirmed:
    """Updates that were taken and that Telegram would give again.

    getUpdates confirms everything below its offset, so the offset stays at the lowest update whose
    handler has not ended, and Telegram gives again what was taken after it: that is known here.
    What came before every handler under way is forgotten: what is kept fits into one answer.
    """

    def __init__(self) -> None:
        self._taken: dict[int, None] = {}
        self._begun: dict[int, float] = {}
        self._next: int | None = None

    def __len__(self) -> int:
        """Give how many updates Telegram gives again before it gives new ones."""
        return len(self._taken)

    def __contains__(self, update_id: int) -> bool:
        """Say whether an update is at work and holds the offset."""
        return update_id in self._begun

    @property
    def offset(self) -> int | None:
        """Everything below it is done with; None when nothing was ever taken."""
        return min(self._begun, default=self._next)

    def take(self, update_ids: Collection[int], now_s: float) -> list[int]:
        """Note what Telegram gave, at a time that only grows, and give what is new of it."""
        new = [update_id for update_id in update_ids if update_id not in self._taken]
        for update_id in new:
            self._taken[update_id] = None
            self._begun[update_id] = now_s
        if update_ids:
            # Not the highest ever: after a week without any, Telegram goes on with any number.
            self._next = max((*update_ids, *self._taken)) + 1
        return new

    def end(self, update_id: int) -> None:
        """Note that an update is done with."""
        self._begun.pop(update_id, None)

    def let_go(self, begun_before_s: float) -> list[int]:
        """Count as done with what was begun so long ago, and give it."""
        stuck = [name for name, begun_s in self._begun.items() if begun_s <= begun_before_s]
        for update_id in stuck:
            self.end(update_id)
        return stuck

    def forget(self) -> None:
        """Forget what the next question confirms.

        Not while one is under way: its answer still holds what has ended since.
        """
        while self._taken and (first := next(iter(self._taken))) not in self._begun:
            del self._taken[first]
