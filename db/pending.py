"""What users wanted and could not pay yet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from db import credit_tables as tables
from db.values import value_or_none
from services.domain.credits import PendingOrder


class PendingOrders:
    """One order a user: a newer one takes its place."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, user_id: int, request: Mapping[str, Any]) -> None:
        """Keep an order."""
        await self.remove(user_id)
        self._session.add(tables.PendingOrder(user_id=user_id, request=dict(request)))
        await self._session.flush()

    async def of_user(self, user_id: int) -> PendingOrder | None:
        """Return the order that a user has not paid yet."""
        row = await self._session.get(tables.PendingOrder, user_id, populate_existing=True)
        return value_or_none(PendingOrder, row)

    async def remove(self, user_id: int) -> None:
        """Forget an order; nothing happens where there is none."""
        await self._session.execute(
            delete(tables.PendingOrder).where(tables.PendingOrder.user_id == user_id)
        )

    async def end(self, order: PendingOrder) -> None:
        """Forget this order, unless a newer one has taken its place."""
        await self._session.execute(
            delete(tables.PendingOrder).where(
                tables.PendingOrder.user_id == order.user_id,
                tables.PendingOrder.created_at == order.created_at,
            )
        )
