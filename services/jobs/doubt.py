"""Telling that it is not clear what fal has done: early, once, and beside the looking."""

import logging
from typing import Generic

from services.domain.clock import now
from services.errors import DeliveryFailed, UserUnreachable
from services.jobs.kind import JobContext, Kind, Result, Row

logger = logging.getLogger(__name__)


class Doubt(Generic[Row, Result]):
    """Tells the user, and the admins of what they may look up; the looking goes on meanwhile."""

    def __init__(self, kind: Kind[Row, Result], context: JobContext) -> None:
        self._kind = kind
        self._context = context

    async def tell(self, row: Row, detail: str) -> None:
        """Tell once that the looking goes on, and the admins of what nobody can tell yet.

        Never fails: what cannot be sent is tried later.
        """
        if row.doubt_told_at is not None:
            return
        try:
            await self._kind.tell_doubt(row.id)
        except UserUnreachable:
            logger.info("%s %s: its user cannot be told of a doubt", self._kind.name, row.id)
        except DeliveryFailed as error:
            logger.info("%s %s: a doubt is told later: %s", self._kind.name, row.id, error)
            return
        async with self._context.database.transaction() as tx:
            locked = await self._kind.rows(tx).lock(row.id)
            if locked is None or locked.doubt_told_at is not None:
                return
            locked.doubt_told_at = now()
        if row.request_id is None:
            await self.tell_admins(row, detail)

    async def tell_admins(self, row: Row, detail: str) -> None:
        """Tell the admins of a submit that may have been paid, and nobody can tell yet."""
        await self._context.operator.outcome_unknown(self._kind.name, row.id, detail)
