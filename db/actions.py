"""What admins did."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.console_tables import AdminAction
from db.values import columns_of, value_of
from services.domain.console import Action


class Actions:
    """The log of the console."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, action: Action) -> None:
        """Write an action down."""
        self._session.add(AdminAction(**columns_of(action)))
        await self._session.flush()

    async def newest(self, limit: int, user_id: int | None = None) -> Sequence[Action]:
        """Return what was done last, on anybody or on one user, the newest first."""
        query = select(AdminAction).order_by(AdminAction.id.desc()).limit(limit)
        if user_id is not None:
            query = query.where(AdminAction.user_id == user_id)
        return [value_of(Action, row) for row in await self._session.scalars(query)]

    async def forget(self, user_id: int) -> None:
        """Take a user from the log, with what was said of them."""
        await self._session.execute(
            update(AdminAction)
            .where(AdminAction.user_id == user_id)
            .values(user_id=None, of_id=None, reason=None)
        )
