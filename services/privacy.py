"""Deleting everything of a user."""

import logging

from db.database import Database
from db.tables import Generation, Training
from services.errors import FalError
from services.fal.gateway import FalGateway
from services.jobs import job_of

logger = logging.getLogger(__name__)


class PrivacyService:
    """Use case of leaving without a trace."""

    def __init__(self, database: Database, fal: FalGateway) -> None:
        self._database = database
        self._fal = fal

    async def forget(self, user_id: int) -> None:
        """Remove the user with everything of theirs here, and stop their jobs at fal.

        A job that fal does not stop ends there unseen; nothing of it is kept here.
        """
        async with self._database.transaction() as tx:
            trainings = await tx.trainings.under_way_of(user_id)
            generations = await tx.generations.under_way_of(user_id)
            await tx.users.remove(user_id)
        logger.info("user %s is forgotten", user_id)
        rows: list[Training | Generation] = [*trainings, *generations]
        for row in rows:
            if row.request_id is not None:
                try:
                    await self._fal.cancel(job_of(row))
                except FalError as error:
                    logger.warning("request %s goes on at fal: %s", row.request_id, error)
