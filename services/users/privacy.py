"""Deleting everything of a user."""

import logging

from db.database import Database
from services.fal.gateway import FalGateway
from services.jobs.at_fal import stop_at_fal
from services.money.limits import Ledger

logger = logging.getLogger(__name__)


class PrivacyService:
    """Use case of leaving without a trace."""

    def __init__(self, database: Database, fal: FalGateway, ledger: Ledger) -> None:
        self._database = database
        self._fal = fal
        self._ledger = ledger

    async def forget(self, user_id: int) -> None:
        """Remove the user with everything of theirs here, and stop their jobs at fal.

        Charges stay, but for those of jobs that fal never got.
        """
        async with self._database.transaction() as tx:
            trainings = await tx.trainings.under_way_of(user_id)
            generations = await tx.generations.under_way_of(user_id)
            for rows in (tx.trainings, tx.generations):
                for job_id in await rows.unsent_of(user_id):
                    await self._ledger.release(tx, job_id)
            await tx.users.remove(user_id)
        logger.info("user %s is forgotten", user_id)
        await stop_at_fal(self._fal, [*trainings, *generations])
