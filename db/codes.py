"""Codes that bring credits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.code_tables import PromoRow
from db.upsert import insert_missing
from db.values import columns_of, value_of, value_or_none
from services.domain.codes import Promo


class Codes:
    """Promo codes. Their locks come before those of wallets."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_promo(self, promo: Promo) -> bool:
        """Keep a new promo code, and return whether there was none of that name."""
        return await insert_missing(
            self._session, PromoRow, columns_of(promo), index_elements=["code"]
        )

    async def lock_promo(self, code: str) -> Promo | None:
        """Return a promo code that nobody else changes until the transaction ends."""
        row = await self._session.get(
            PromoRow, code, with_for_update={"key_share": True}, populate_existing=True
        )
        return value_or_none(Promo, row)

    async def count_use(self, code: str) -> None:
        """Count one more use of a promo code that is locked."""
        await self._session.execute(
            update(PromoRow).where(PromoRow.code == code).values(used=PromoRow.used + 1)
        )

    async def end_promo(self, code: str, moment: datetime) -> bool:
        """Have a promo code expire at once; return whether it was still worth something."""
        row = PromoRow
        ended = await self._session.scalars(
            update(row)
            .where(row.code == code, row.expires_at > moment, row.used < row.uses)
            .values(expires_at=moment)
            .returning(row.code)
        )
        return bool(ended.all())

    async def newest_promos(self, limit: int) -> Sequence[Promo]:
        """Return promo codes, the newest first."""
        rows = await self._session.scalars(
            select(PromoRow).order_by(PromoRow.created_at.desc(), PromoRow.code).limit(limit)
        )
        return [value_of(Promo, row) for row in rows]
