"""The hosts from which Telegram fetches pictures, or not."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

HOST_PAUSE_S = 3600.0
"""How long a host is not tried by address after Telegram could not fetch from it. Telegram itself
remembers a failed address for days (github.com/tdlib/telegram-bot-api/issues/782)."""

FLOODED_REMEMBERED = 2000


class Hosts:
    """Remembers from which hosts Telegram cannot fetch.

    An album by address is answered with 429 most of the time even where single photos are fetched
    well (github.com/tdlib/telegram-bot-api/issues/505), so the two are remembered apart.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._refused_until: dict[tuple[str, bool], float] = {}
        self._flooded: set[str] = set()

    def may_fetch(self, url: str, *, in_album: bool) -> bool:
        """Return whether Telegram may be given an address instead of the bytes."""
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            return False
        return self._refused_until.get((parts.netloc, in_album), 0.0) <= self._clock()

    def note_flood(self, url: str) -> None:
        """Remember that Telegram wanted a pause instead of fetching from an address."""
        if len(self._flooded) >= FLOODED_REMEMBERED:
            self._flooded.clear()
        self._flooded.add(url)

    def is_flooded(self, url: str) -> bool:
        """Return whether an address was answered with 429 and is not to be tried again."""
        return url in self._flooded

    def refuse(self, url: str, *, in_album: bool) -> None:
        """Remember that Telegram could not fetch from the host of an address."""
        self._refused_until[urlsplit(url).netloc, in_album] = self._clock() + HOST_PAUSE_S
