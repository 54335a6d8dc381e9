"""What of a row has not been shown yet."""

import time
from collections.abc import Callable
from datetime import datetime

SHOWN_AGAIN_S = 60.0
"""What is shown ages by itself, as the guess of the time that is left does, in whole minutes."""


class News:
    """Has a row shown when it was written since it was last shown, or that was a minute ago.

    Args:
        show: Shows a row.
        clock: Seconds that only grow.
    """

    def __init__(
        self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._show = show
        self._clock = clock
        self._shown: dict[str, tuple[datetime, float]] = {}

    def show(self, row_id: str, written_at: datetime) -> None:
        """Show a row that was last written at some time, unless that would show nothing new."""
        seen_at, shown_s = self._shown.get(row_id, (None, 0.0))
        if written_at != seen_at or self._clock() - shown_s >= SHOWN_AGAIN_S:
            self._shown[row_id] = written_at, self._clock()
            self._show(row_id)

    def forget(self, row_id: str) -> None:
        """Forget a row that is done with."""
        self._shown.pop(row_id, None)
