"""Where Telegram's updates and fal's calls go, and who may bring them."""

import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

PATH = "/telegram"
FAL_PATH = "/fal"


class NoRoom(Exception):
    """So many updates wait already that no more are taken for now."""


@dataclass(frozen=True)
class UpdateDoor:
    """Where updates go.

    Attributes:
        secret: What Telegram was told to send along with each update.
        take: Keeps one update. Raises `NoRoom`, or `DatabaseUnavailable` when it is not kept.
        refused: How many callers did not know the secret, by the reason.
    """

    secret: str
    take: Callable[[bytes], Awaitable[None]]
    refused: Counter[str] = field(default_factory=Counter)

    def opens_to(self, given: str | None) -> bool:
        """Return whether the caller knows the secret."""
        is_known = secrets.compare_digest((given or "").encode(), self.secret.encode())
        if not is_known:
            self.refused["wrong_secret" if given else "no_secret"] += 1
        return is_known


class CallRefused(Exception):
    """A call that is not believed to be fal's."""


class FalDoor(Protocol):
    """Where fal's calls go; `refused` counts those that were not believed, by the reason."""

    refused: Counter[str]

    def admit(self, word: str, headers: Mapping[str, str]) -> None:
        """Return if a call may be fal's; nothing of its body is read yet.

        Args:
            word: The last part of the address that was called.
            headers: Of the call, by names in any case.

        Raises:
            CallRefused: It is not.
        """
        ...

    async def take(self, headers: Mapping[str, str], body: bytes) -> None:
        """Take a call that was admitted, if fal has signed its body.

        Raises:
            CallRefused: fal has not.
            FalUnavailable: That cannot be told now.
            DatabaseUnavailable: Nothing was done.
        """
        ...
