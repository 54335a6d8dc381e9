"""What admins do about a paid job, through the services that users go through, too."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from db.database import Database
from services.domain.console import Action, ConsoleJob, Deed
from services.errors import NotFound, StaleButton
from services.jobs.again import WORTH_A_LOOK, SecondLooks
from services.training.service import TrainingService

logger = logging.getLogger(__name__)

MAX_REASON = 300
"""Signs of a reason that are kept."""


@dataclass(frozen=True)
class Doing:
    """What can be done about a job now."""

    job: ConsoleJob
    deeds: tuple[Deed, ...]


class ConsoleJobs:
    """Use cases of admins about jobs; each is logged.

    A cancel is asked for as its user would, and only trainings know it. A release ends a job
    whose submit nobody can confirm, and gives its price back; fal is asked for it again by
    `AGAIN`, which never pays a second time.

    Args:
        database: Where jobs are kept.
        trainings: Cancels.
        second_looks: Asks fal again.
        releases: By kind, what ends a job that is unconfirmed and tells whether it has.
    """

    def __init__(
        self,
        database: Database,
        trainings: TrainingService,
        second_looks: SecondLooks,
        releases: Mapping[str, Callable[[str], Awaitable[bool]]],
    ) -> None:
        self._database = database
        self._trainings = trainings
        self._second_looks = second_looks
        self._releases = releases

    async def card(self, kind: str, job_id: str) -> Doing:
        """Return a job with what can be done about it.

        Raises:
            NotFound: It is gone.
        """
        job = await self._job(kind, job_id)
        return Doing(job, tuple(_deeds(job)))

    async def do(
        self, admin_id: int, deed: Deed, kind: str, job_id: str, reason: str
    ) -> ConsoleJob:
        """Do it, and log it.

        Returns:
            The job as it was before.

        Raises:
            NotFound: It is gone.
            StaleButton: It has moved on, and this cannot be done any more.
            NothingToCancel: It is being handed to fal at this moment.
        """
        job = await self._job(kind, job_id)
        if deed not in _deeds(job):
            raise StaleButton
        if deed is Deed.CANCEL:
            await self._trainings.cancel(job.user_id, job_id)
        elif deed is Deed.AGAIN:
            await self._second_looks.begin(kind, job_id, admin_id, is_admin=True)
        elif not await self._releases[kind](job_id):
            raise StaleButton
        async with self._database.transaction() as tx:
            await tx.actions.add(
                Action(
                    admin_id=admin_id,
                    deed=deed,
                    user_id=job.user_id,
                    of_id=f"{kind} {job_id}",
                    reason=reason[:MAX_REASON] or None,
                )
            )
        logger.info("admin %s: %s of %s %s", admin_id, deed, kind, job_id)
        return job

    async def _job(self, kind: str, job_id: str) -> ConsoleJob:
        if kind not in self._releases:
            raise NotFound
        async with self._database.transaction() as tx:
            job = await tx.console.job(kind, job_id)
        if job is None:
            raise NotFound
        return job


def _deeds(job: ConsoleJob) -> list[Deed]:
    if job.failure is not None:
        return [Deed.AGAIN] if job.failure in WORTH_A_LOOK else []
    if job.state == "unconfirmed":
        return [Deed.RELEASE]
    is_cancellable = job.kind == "training" and not job.is_cancelled
    return [Deed.CANCEL] if is_cancellable and job.state not in _NOT_CANCELLABLE else []


_NOT_CANCELLABLE = {"submitting", "completed", "cancelled"}
