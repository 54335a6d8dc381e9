"""Personal keys for the HTTP API."""

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.values import columns_of, value_of, value_or_none
from services.domain.api_keys import ApiKey


class ApiKeys:
    """At most one key a person; of the key itself there is only the digest."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, key: ApiKey, digest: str) -> None:
        """Keep a new key in the place of its owner's old one."""
        await self.remove_of(key.user_id)
        self._session.add(tables.ApiKey(**columns_of(key), digest=digest))
        await self._session.flush()

    async def of(self, user_id: int) -> ApiKey | None:
        """Return somebody's key."""
        row = await self._session.scalar(
            select(tables.ApiKey).where(tables.ApiKey.user_id == user_id)
        )
        return value_or_none(ApiKey, row)

    async def by_digest(self, digest: str) -> ApiKey | None:
        """Return the key that has this SHA-256 digest."""
        row = await self._session.scalar(
            select(tables.ApiKey).where(tables.ApiKey.digest == digest)
        )
        return value_or_none(ApiKey, row)

    async def limit(self, key_id: str, daily_pictures: int) -> ApiKey:
        """Change how many pictures a key may order a day; return it as it is now."""
        await self._session.execute(
            update(tables.ApiKey)
            .where(tables.ApiKey.id == key_id)
            .values(daily_pictures=daily_pictures)
        )
        row = await self._session.get_one(tables.ApiKey, key_id, populate_existing=True)
        return value_of(ApiKey, row)

    async def remove_of(self, user_id: int) -> None:
        """Forget somebody's key."""
        await self._session.execute(delete(tables.ApiKey).where(tables.ApiKey.user_id == user_id))
