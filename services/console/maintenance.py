"""Maintenance: nothing new is ordered, and what runs ends as usual."""

import logging

from db.database import Database
from services.console.jobs import MAX_REASON
from services.domain.console import Action, Deed
from services.operator import MAINTENANCE

logger = logging.getLogger(__name__)


class MaintenanceMode:
    """Use case of admins; the row that it is counts for every process on the database.

    Args:
        database: Where it is noted.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_on(self) -> bool:
        """Return whether nothing new may be ordered."""
        async with self._database.transaction() as tx:
            return await tx.notices.since(MAINTENANCE) is not None

    async def switch(self, admin_id: int, *, on: bool, reason: str = "") -> bool:
        """Switch it on or off.

        Returns:
            Whether this call has changed it.
        """
        async with self._database.transaction() as tx:
            is_on = await tx.notices.since(MAINTENANCE) is not None
            if is_on == on:
                return False
            await (tx.notices.raise_(MAINTENANCE) if on else tx.notices.lower(MAINTENANCE))
            deed = Deed.MAINTENANCE_ON if on else Deed.MAINTENANCE_OFF
            words = reason[:MAX_REASON] or None
            await tx.actions.add(Action(admin_id=admin_id, deed=deed, reason=words))
        logger.warning("admin %s has switched maintenance %s", admin_id, "on" if on else "off")
        return True
