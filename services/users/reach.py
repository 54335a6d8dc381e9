"""Who can be sent messages."""

from db.database import Database


class Reach:
    """Remembers whom Telegram takes no message for; who writes again is reached again.

    Args:
        database: Where users are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_unreachable(self, user_id: int) -> bool:
        """Return whether nothing can be sent to a user until they write again."""
        async with self._database.transaction() as tx:
            user = await tx.users.get(user_id)
        return user is not None and user.unreachable_since is not None

    async def note_unreachable(self, user_id: int) -> None:
        """Remember that nothing can be sent to a user now."""
        async with self._database.transaction() as tx:
            await tx.users.note_unreachable(user_id)
