"""The prices of paid jobs, held and settled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import credit_tables as tables
from db.values import columns_of, value_of, value_or_none
from services.domain.credits import Order, OrderState


class Orders:
    """Orders, each by the id of its job."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, order: Order) -> None:
        """Keep a new order."""
        self._session.add(tables.Order(**columns_of(order)))
        await self._session.flush()

    async def get(self, order_id: str) -> Order | None:
        """Return an order."""
        return value_or_none(Order, await self._session.get(tables.Order, order_id))

    async def lock(self, order_id: str) -> Order | None:
        """Return an order that nobody else changes until the transaction ends."""
        row = await self._session.get(
            tables.Order, order_id, with_for_update={"key_share": True}, populate_existing=True
        )
        return value_or_none(Order, row)

    async def end(
        self, order_id: str, state: OrderState, delivered: int, reason: str, moment: datetime
    ) -> None:
        """End an order that is locked."""
        await self._session.execute(
            update(tables.Order)
            .where(tables.Order.id == order_id)
            .values(state=state, delivered=delivered, reason=reason, ended_at=moment)
        )

    async def held_by(self, wallet_id: int) -> Sequence[Order]:
        """Return the orders of a wallet that have not ended, oldest first."""
        rows = await self._session.scalars(
            select(tables.Order)
            .where(tables.Order.wallet_id == wallet_id, tables.Order.state == OrderState.HELD)
            .order_by(tables.Order.created_at)
        )
        return [value_of(Order, row) for row in rows]
