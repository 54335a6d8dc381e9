"""What of a row has not been shown yet."""

import time
from collections.abc import Callable
from datetime import datetime

SHOWN_AGAIN_S = 600.0
"""A message that could not be changed in time is not given up for good."""


class News:
    """Has a row shown when it was written since it was last shown.

    One that is seen for the first time may have been written just before a crash; it is shown
    with the second look, so that after a start the looks come first.

    Args:
        show: Shows a row.
        clock: Seconds that only grow.
    """

    def __init__(
        self, show: Callable[[str], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._show = show
        self._clock = clock
        self._shown: dict[str, tuple[datetime | None, float]] = {}

    def show(self, row_id: str, written_at: datetime) -> None:
        """Show a row that was last written at some time, unless that would show nothing new."""
        if row_id not in self._shown:
            self._shown[row_id] = None, 0.0
            return
        seen_at, shown_s = self._shown[row_id]
        if written_at != seen_at or self._clock() - shown_s >= SHOWN_AGAIN_S:
            self._shown[row_id] = written_at, self._clock()
            self._show(row_id)

    def forget(self, row_id: str) -> None:
        """Forget a row that is done with."""
        self._shown.pop(row_id, None)
