"""How a copy reaches its user."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from services.domain.exports import Contents, Export
from services.domain.values import SentMessage
from services.domain.vocabulary import Language
from services.paying.service import Receipt


@dataclass(frozen=True, slots=True)
class PartSent:
    """What is told of a part: its number, whether it is the last, and what is missing in all."""

    number: int
    is_last: bool
    missing: int = 0


class ExportPost(Protocol):
    """How a copy reaches its user: implemented by the handlers."""

    def changed(self, export_id: str) -> None:
        """Let the progress message catch up, soon and not too often. Never fails."""
        ...

    async def send_part(self, export: Export, path: Path, part: PartSent) -> SentMessage | None:
        """Send a part; return its message, None where Telegram will never take it.

        Raises:
            UserUnreachable: The user has blocked the bot.
            DeliveryFailed: Try again later.
        """
        ...

    async def settle(self, export: Export) -> None:
        """Return once it is shown how a copy ended; raises as `send_part`."""
        ...

    async def take_back(self, sent: SentMessage) -> None:
        """Delete what was just sent. Never fails."""
        ...

    async def language(self, user_id: int) -> Language:
        """Return the language to speak with a user."""
        ...

    def readme(self, language: Language, contents: Contents) -> str:
        """Say what each file of a copy is, and what is missing."""
        ...

    def receipts(self, language: Language, shown: Sequence[Receipt]) -> str:
        """Return receipts as a table."""
        ...
