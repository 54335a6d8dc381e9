"""What has been promised to fal: one row a paid request, counted by the spending limits."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.values import columns_of, value_of, value_or_none
from services.domain.clock import now
from services.domain.values import Charge
from services.domain.vocabulary import ChargeKind

CHARGES_LOCK = 0x6E6575726F
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
                text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHARGES_LOCK}
            )

    async def add(self, charge: Charge) -> None:
        """Keep a new charge."""
        self._session.add(tables.Charge(**columns_of(charge)))
        await self._session.flush()

    async def get(self, charge_id: str) -> Charge | None:
        """Return a charge."""
        return value_or_none(Charge, await self._session.get(tables.Charge, charge_id))

    async def note_request(self, charge_id: str, request_id: str) -> None:
        """Keep which request of fal's a charge is."""
        await self._change(charge_id, request_id=request_id)

    async def note_answer(
        self, charge_id: str, request_id: str | None, usd: Decimal | None
    ) -> None:
        """Keep which request of fal's a charge is, and what it cost where that was said."""
        await self._change(charge_id, request_id=request_id)
        if usd is not None:
            await self._change(charge_id, usd=usd, real_usd=usd)

    async def note_real_price(self, charge_id: str, usd: Decimal) -> None:
        """Keep what fal has charged."""
        await self._change(charge_id, real_usd=usd)

    async def release(self, charge_id: str) -> None:
        """Let a charge count no more; one that is released already stays as it is."""
        await self._session.execute(
            update(tables.Charge)
            .where(tables.Charge.id == charge_id, tables.Charge.released_at.is_(None))
            .values(released_at=now())
        )

    async def keep(self, charge_id: str) -> None:
        """Let a charge count, also where it was released."""
        await self._change(charge_id, released_at=None)

    async def without_real_price(self, since: datetime, limit: int) -> Sequence[Charge]:
        """Return submitted charges since then whose real price is not known, newest first."""
        rows = await self._session.scalars(
            select(tables.Charge)
            .where(
                tables.Charge.created_at > since,
                tables.Charge.request_id.is_not(None),
                tables.Charge.real_usd.is_(None),
            )
            .order_by(tables.Charge.created_at.desc())
            .limit(limit)
        )
        return [value_of(Charge, row) for row in rows]

    async def forget_users_before(self, moment: datetime) -> None:
        """Take the user from charges that are older and count for nothing any more."""
        await self._session.execute(
            update(tables.Charge)
            .where(tables.Charge.created_at < moment, tables.Charge.user_id.is_not(None))
            .values(user_id=None)
        )

    async def date_future_ones(self, moment: datetime) -> None:
        """Let charges of a clock that was ahead count as made now, so that they age, too."""
        await self._session.execute(
            update(tables.Charge)
            .where(tables.Charge.created_at > moment)
            .values(created_at=moment)
        )

    async def spent_usd(self, since: datetime) -> Decimal:
        """Sum what everybody's charges since then are estimated to cost."""
        total = await self._session.scalar(
            select(func.sum(tables.Charge.usd)).where(
                tables.Charge.created_at > since, tables.Charge.released_at.is_(None)
            )
        )
        return total or Decimal(0)

    async def amount_of(self, user_id: int, kind: ChargeKind, since: datetime) -> int:
        """Count the user's trainings or pictures since then."""
        return int(
            await self._session.scalar(
                select(func.sum(tables.Charge.amount)).where(
                    tables.Charge.user_id == user_id,
                    tables.Charge.kind == kind,
                    tables.Charge.created_at > since,
                    tables.Charge.released_at.is_(None),
                )
            )
            or 0
        )

    async def note_key(self, charge_id: str, key_id: str) -> None:
        """Keep which personal key a charge was ordered with."""
        await self._change(charge_id, key_id=key_id)

    async def amount_of_key(
        self, user_id: int, key_id: str, kind: ChargeKind, since: datetime
    ) -> int:
        """Count the trainings or pictures that a user has ordered with a key since then."""
        return int(
            await self._session.scalar(
                select(func.sum(tables.Charge.amount)).where(
                    tables.Charge.user_id == user_id,
                    tables.Charge.key_id == key_id,
                    tables.Charge.kind == kind,
                    tables.Charge.created_at > since,
                    tables.Charge.released_at.is_(None),
                )
            )
            or 0
        )

    async def oldest_since(
        self,
        since: datetime,
        user_id: int | None = None,
        kind: ChargeKind | None = None,
        key_id: str | None = None,
    ) -> datetime | None:
        """Return the time of the oldest charge since then, of one user, kind and key or of all."""
        query = select(func.min(tables.Charge.created_at)).where(
            tables.Charge.created_at > since, tables.Charge.released_at.is_(None)
        )
        if user_id is not None:
            query = query.where(tables.Charge.user_id == user_id)
        if kind is not None:
            query = query.where(tables.Charge.kind == kind)
        if key_id is not None:
            query = query.where(tables.Charge.key_id == key_id)
        return await self._session.scalar(query)

    async def _change(self, charge_id: str, **changes: object) -> None:
        await self._session.execute(
            update(tables.Charge).where(tables.Charge.id == charge_id).values(**changes)
        )
