"""What Telegram needs to know to push updates, and where they go."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

PATH = "/telegram"


class NoRoom(Exception):
    """So many updates wait already that no more are taken for now."""


@dataclass(frozen=True)
class UpdateDoor:
    """Where updates go.

    Attributes:
        secret: What Telegram was told to send along with each update.
        take: Keeps one update. Raises `NoRoom`, or `DatabaseUnavailable` when it is not kept.
    """

    secret: str
    take: Callable[[bytes], Awaitable[None]]

    def opens_to(self, given: str | None) -> bool:
        """Return whether the caller knows the secret."""
        return secrets.compare_digest((given or "").encode(), self.secret.encode())
