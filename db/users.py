"""Users."""

from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import User
from db.upsert import insert_missing
from services.domain.vocabulary import Language


class Users:
    """The people the bot knows."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, user_id: int) -> User | None:
        """Give the user, or None for a stranger."""
        return await self._session.get(User, user_id)

    async def meet(self, user_id: int, language: Language) -> User:
        """Give the user, made on first sight.

        `language` is the one Telegram reports; it is followed until the user chooses one.
        """
        values = {"id": user_id, "language": language}
        await insert_missing(self._session, User, values, index_elements=["id"])
        user = await self._session.get_one(User, user_id)
        if not user.language_chosen and user.language != language:
            user.language = language
        return user

    async def remove(self, user_id: int) -> None:
        """Remove a user with everything of theirs: trainings, photos, models, generations."""
        user = await self._session.get(User, user_id, with_for_update=True)
        if user is not None:
            await self._session.delete(user)

    async def lock(self, user_id: int) -> User:
        """Give a known user and keep others from changing them until the transaction ends.

        Used where two requests of one user must not run side by side.
        """
        return await self._session.get_one(User, user_id, with_for_update=True)
