"""What a front shows of enlargements."""

from dataclasses import dataclass

from db.database import Database
from services.domain.values import Enlargement
from services.domain.vocabulary import Language


@dataclass(frozen=True)
class EnlargementView:
    """An enlargement, the language of its user, and what they have paid and get back."""

    enlargement: Enlargement
    language: Language
    stars_back: int = 0


class EnlargementViews:
    """Reads enlargements for the screens, each in one transaction.

    Args:
        database: Where everything is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enlargement(self, enlargement_id: str) -> EnlargementView | None:
        """Return an enlargement."""
        async with self._database.transaction() as tx:
            enlargement = await tx.enlargements.read(enlargement_id)
            user = await tx.users.get(enlargement.user_id) if enlargement else None
            order = await tx.orders.get(enlargement_id)
        if enlargement is None or user is None:
            return None
        return EnlargementView(enlargement, user.language, order.returned if order else 0)
