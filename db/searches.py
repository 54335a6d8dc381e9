"""Searches in prompts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Search
from db.upsert import insert_missing


class Searches:
    """What users look for, one row for the same words of a user."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, search_id: str, user_id: int, words: str) -> Search:
        """Give the user's search for these words; a new one gets `search_id`."""
        values = {"id": search_id, "user_id": user_id, "words": words}
        await insert_missing(self._session, Search, values, index_elements=["user_id", "words"])
        rows = await self._session.scalars(
            select(Search).where(Search.user_id == user_id, Search.words == words)
        )
        return rows.one()

    async def get(self, search_id: str) -> Search | None:
        """Give a search, for reading."""
        return await self._session.get(Search, search_id)
