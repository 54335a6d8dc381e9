"""Credits that users pass on to others."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.code_tables import GiftRow
from db.values import columns_of, value_of, value_or_none
from services.domain.codes import Gift, GiftState


class GiftCodes:
    """Gifts by their codes. Their locks come before those of wallets."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, gift: Gift) -> None:
        """Keep a new gift."""
        self._session.add(GiftRow(**columns_of(gift)))
        await self._session.flush()

    async def lock(self, code: str) -> Gift | None:
        """Return a gift that nobody else changes until the transaction ends."""
        row = await self._session.get(
            GiftRow, code, with_for_update={"key_share": True}, populate_existing=True
        )
        return value_or_none(Gift, row)

    async def end(self, code: str, state: GiftState, redeemed_by: int | None = None) -> None:
        """Note what became of a gift that is locked."""
        await self._session.execute(
            update(GiftRow)
            .where(GiftRow.code == code)
            .values(state=state, redeemed_by=redeemed_by)
        )

    async def open_of(self, wallet_id: int) -> Sequence[Gift]:
        """Return the gifts of a wallet that wait for somebody, the oldest first."""
        rows = await self._session.scalars(
            select(GiftRow)
            .where(GiftRow.wallet_id == wallet_id, GiftRow.state == GiftState.OPEN)
            .order_by(GiftRow.created_at, GiftRow.code)
        )
        return [value_of(Gift, row) for row in rows]
