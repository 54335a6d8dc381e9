"""Has jobs looked at that fal says have ended."""

import asyncio
import logging
from collections.abc import Collection, Sequence

from db.database import Database
from services.domain.trouble import DatabaseUnavailable
from services.jobs.again import LookedFor
from services.jobs.nursery import Nursery
from services.jobs.pushes import CHANNEL

logger = logging.getLogger(__name__)

AGAIN_S = (1.0, 3.0, 10.0)
"""It is not known whether fal's status always shows an end before fal calls, and a call can be
quicker than the answer to the submit: a job that has not ended here is looked at again."""

MOST_DOUBTFUL = 50
"""So many jobs whose submit had no answer are looked for when an unknown request has ended."""


class EndedJobs:
    """Takes up what fal says of its own accord.

    A request that is not known is normal: its submit has had no answer yet, or its row was
    deleted. Jobs whose answer was lost are looked for then, as the request may be of one of them.

    All replicas are told that fal has called, see `Pushes`.

    Args:
        database: Where jobs are kept; another replica may be at work on them.
        kinds: The kinds of jobs.
        nursery: Owner of the later looks.
        again_s: The pauses before them.
    """

    def __init__(
        self,
        database: Database,
        kinds: Sequence[LookedFor],
        nursery: Nursery,
        again_s: Sequence[float] = AGAIN_S,
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._nursery = nursery
        self._again_s = again_s

    async def look(self, request_ids: Collection[str]) -> None:
        """Have the jobs of these requests looked at now.

        Args:
            request_ids: fal's names of one job.

        Raises:
            DatabaseUnavailable: Nothing was looked at.
        """
        if await self._carry(request_ids, is_called=True):
            self._nursery.start(self._look_again(request_ids), name="later looks at a job")

    async def _look_again(self, request_ids: Collection[str]) -> None:
        for pause_s in self._again_s:
            await asyncio.sleep(pause_s)
            try:
                if not await self._carry(request_ids):
                    return
            except DatabaseUnavailable as error:
                logger.warning("a job is looked at later: %s", error)

    async def _carry(self, request_ids: Collection[str], *, is_called: bool = False) -> bool:
        """Carry what is open of these requests; return whether a later look is worth it."""
        is_known = False
        found: list[tuple[LookedFor, str]] = []
        async with self._database.transaction() as tx:
            for kind in self._kinds:
                rows = await kind.rows(tx).of_requests(request_ids)
                is_known = is_known or bool(rows)
                found += [(kind, row_id) for row_id, state in rows if state in kind.states.at_fal]
            if not is_known:
                for kind in self._kinds:
                    ids = await kind.rows(tx).in_state(kind.states.unconfirmed, MOST_DOUBTFUL)
                    found += [(kind, row_id) for row_id in ids]
            if is_called:
                await tx.wake(CHANNEL, " ".join(request_ids))
        for kind, row_id in found:
            kind.carry(row_id)
        return bool(found) or not is_known
