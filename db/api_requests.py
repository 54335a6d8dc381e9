"""Requests over HTTP that were carried out, so that one that repeats does nothing twice."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.values import columns_of, value_or_none
from services.domain.api_keys import ApiRequest


class ApiRequests:
    """By the user and the key that the caller chose."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def find(self, user_id: int, key: str) -> ApiRequest | None:
        """Return what was asked for with a key."""
        row = await self._session.get(tables.ApiRequest, (user_id, key))
        return value_or_none(ApiRequest, row)

    async def add(self, request: ApiRequest) -> None:
        """Keep a request that is carried out in this transaction."""
        self._session.add(tables.ApiRequest(**columns_of(request)))
        await self._session.flush()

    async def forget(self, before: datetime) -> None:
        """Forget the requests made before a moment."""
        await self._session.execute(
            delete(tables.ApiRequest).where(tables.ApiRequest.created_at < before)
        )
