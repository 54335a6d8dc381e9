"""Pictures that a user sends from a page into a chat of their own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.domain.values import Picture


@dataclass(frozen=True)
class Prepared:
    """A message that Telegram keeps for a user to send; `id` is known to their client."""

    id: str
    expires_at: datetime


class Sharer(Protocol):
    """Prepares messages; the handlers implement it."""

    async def prepare(self, user_id: int, picture: Picture) -> Prepared:
        """Have Telegram keep a message with a picture that it has.

        Raises:
            UserUnreachable: Telegram does not know the user any more.
            DeliveryFailed: Telegram did not take it, or has the picture not yet.
        """
        ...
