"""What has been promised to fal: one row a paid request, counted by the spending limits."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.tables import Charge
from services.domain.vocabulary import ChargeKind

BOOKS_LOCK = 0x6E6575726F
"""Key of PostgreSQL's advisory lock on the charges; any number that is ours."""


class Charges:
    """The charges. A released charge was never sent to fal and does not count."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> None:
        """Let nobody else count or add until the transaction ends.

        SQLite's write transactions are alone already.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": BOOKS_LOCK}
            )

    def add(self, charge: Charge) -> None:
        """Keep a new charge."""
        self._session.add(charge)

    async def get(self, charge_id: str) -> Charge | None:
        """Return a charge, for changing."""
        return await self._session.get(Charge, charge_id, with_for_update=True)

    async def without_real_price(self, since: datetime, limit: int) -> Sequence[Charge]:
        """Return submitted charges since then whose real price is not known, newest first."""
        rows = await self._session.scalars(
            select(Charge)
            .where(
                Charge.created_at > since,
                Charge.request_id.is_not(None),
                Charge.real_usd.is_(None),
            )
            .order_by(Charge.created_at.desc())
            .limit(limit)
        )
        return rows.all()

    async def forget_users_before(self, moment: datetime) -> None:
        """Take the user from charges that are older and count for nothing any more."""
        await self._session.execute(
            update(Charge)
            .where(Charge.created_at < moment, Charge.user_id.is_not(None))
            .values(user_id=None)
        )

    async def date_future_ones(self, moment: datetime) -> None:
        """Let charges of a clock that was ahead count as made now, so that they age, too."""
        await self._session.execute(
            update(Charge).where(Charge.created_at > moment).values(created_at=moment)
        )

    async def spent_usd(self, since: datetime) -> Decimal:
        """Sum what everybody's charges since then are estimated to cost."""
        total = await self._session.scalar(
            select(func.sum(Charge.usd)).where(
                Charge.created_at > since, Charge.released_at.is_(None)
            )
        )
        return total or Decimal(0)

    async def amount_of(self, user_id: int, kind: ChargeKind, since: datetime) -> int:
        """Count the user's trainings or pictures since then."""
        return int(
            await self._session.scalar(
                select(func.coalesce(func.sum(Charge.amount), 0)).where(
                    Charge.user_id == user_id,
                    Charge.kind == kind,
                    Charge.created_at > since,
                    Charge.released_at.is_(None),
                )
            )
            or 0
        )

    async def oldest_since(
        self, since: datetime, user_id: int | None = None, kind: ChargeKind | None = None
    ) -> datetime | None:
        """Return the time of the oldest charge since then, of one user and kind or of all."""
        query = select(func.min(Charge.created_at)).where(
            Charge.created_at > since, Charge.released_at.is_(None)
        )
        if user_id is not None:
            query = query.where(Charge.user_id == user_id)
        if kind is not None:
            query = query.where(Charge.kind == kind)
        return await self._session.scalar(query)
