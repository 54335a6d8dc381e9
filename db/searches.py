"""Searches in prompts."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.upsert import insert_missing
from db.values import value_of, value_or_none
from services.domain.values import Search


class Searches:
    """What users look for, one row for the same words of a user."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def keep(self, search_id: str, user_id: int, words: str) -> Search:
        """Return the user's search for these words; a new one gets `search_id`."""
        values = {"id": search_id, "user_id": user_id, "words": words}
        await insert_missing(
            self._session, tables.Search, values, index_elements=["user_id", "words"]
        )
        rows = await self._session.scalars(
            select(tables.Search).where(
                tables.Search.user_id == user_id, tables.Search.words == words
            )
        )
        return value_of(Search, rows.one())

    async def get(self, search_id: str) -> Search | None:
        """Return a search."""
        return value_or_none(Search, await self._session.get(tables.Search, search_id))
