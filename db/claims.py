"""Rows that replicas take in hand: each row is one's own, and several claim at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession


class Claims:
    """Claims rows of one table by its column `owner`, which the end of a replica empties.

    A row that somebody else is just claiming or changing is passed over. On SQLite the statement
    is the same without the lock.

    Args:
        session: The transaction.
        table: Has `id`, `owner` and `created_at`.
        unfinished: Which rows have something left to be done.
    """

    def __init__(
        self,
        session: AsyncSession,
        table: Any,  # noqa: ANN401  # any table with these columns
        unfinished: ColumnElement[bool],
    ) -> None:
        self._session = session
        self._table = table
        self._unfinished = unfinished

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of all rows with something left to be done, the oldest first."""
        rows = await self._session.scalars(
            select(self._table.id).where(self._unfinished).order_by(self._table.created_at)
        )
        return rows.all()

    async def held(self, owner: int) -> Sequence[str]:
        """Return the ids of all rows that a replica has, the oldest first."""
        table = self._table
        rows = await self._session.scalars(
            select(table.id).where(table.owner == owner).order_by(table.created_at)
        )
        return rows.all()

    async def claim(
        self, owner: int, at_most: int, only: Sequence[str] | None = None
    ) -> Sequence[str]:
        """Return the ids of rows that are now in a replica's hands, the oldest first.

        Args:
            owner: The replica.
            at_most: How many are claimed.
            only: These, also where nothing is left to be done, as a press may have changed what
                is shown of them; those that the replica has already are returned, too. None for
                any that nobody has and with something left to be done.
        """
        table = self._table
        is_free = table.owner.is_(None)
        if only is None:
            is_wanted = self._unfinished & is_free
        else:
            is_wanted = table.id.in_(only) & or_(is_free, table.owner == owner)
        picked = (
            select(table.id)
            .where(is_wanted)
            .order_by(table.created_at)
            .limit(at_most)
            .with_for_update(skip_locked=True, of=table)
            .cte("picked")
        )
        values: dict[str, Any] = {"owner": owner}
        if hasattr(table, "updated_at"):
            # A claim is no change of what a row says.
            values["updated_at"] = table.updated_at
        claimed = await self._session.scalars(
            update(table)
            .where(table.id.in_(select(picked.c.id)))
            .values(values)
            .returning(table.id)
            .execution_options(synchronize_session=False)
        )
        return claimed.all()

    async def release(self, owner: int, row_ids: Sequence[str]) -> None:
        """Let go of rows; who finds something left to be done may claim them."""
        table = self._table
        values: dict[str, Any] = {"owner": None}
        if hasattr(table, "updated_at"):
            values["updated_at"] = table.updated_at
        await self._session.execute(
            update(table)
            .where(table.id.in_(row_ids), table.owner == owner)
            .values(values)
            .execution_options(synchronize_session=False)
        )
