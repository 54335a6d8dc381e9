"""Does what a deletion has left to be done: at fal, in old messages, and in its receipt."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from db.database import Database
from services.deletion.erasing import Erasing, PayloadApi
from services.domain.clock import now
from services.domain.deletion import (
    DeletedJob,
    DeletedMessage,
    DeletedPayload,
    Deletion,
    JobEnd,
    Receipt,
)
from services.domain.vocabulary import Language
from services.errors import FalError, FalUnavailable, UserUnreachable
from services.fal.gateway import FalGateway, Job
from services.jobs.pauses import pause_after
from services.jobs.search import HISTORY_MARGIN
from services.rules import TrainingRules

logger = logging.getLogger(__name__)


class DeletionAnnouncer(Protocol):
    """How somebody is told of a deletion who is not known any more: implemented by handlers."""

    async def clear(self, message: DeletedMessage, language: Language) -> None:
        """Take names and buttons out of a message.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
            UserUnreachable: It never will.
        """
        ...

    async def show_receipt(self, deletion: Deletion, receipt: Receipt) -> None:
        """Bring the message that tells of a deletion up to date; raises as `clear`."""
        ...


class DeletionSteps:
    """The step that the carrier calls for a deletion. All it knows is in rows.

    Args:
        database: Where deletions are kept.
        rules: How often fal is asked, and for how long.
        fal: Where jobs are stopped.
        announcer: How the user is told.
        payloads: Deletes what fal keeps of requests; None without the key for it.
    """

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        fal: FalGateway,
        announcer: DeletionAnnouncer,
        payloads: PayloadApi | None = None,
    ) -> None:
        self._database = database
        self._rules = rules
        self._fal = fal
        self._announcer = announcer
        self._erasing = Erasing(database, rules, fal, payloads)

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of deletions that are not done."""
        async with self._database.transaction() as tx:
            return await tx.deletions.unfinished()

    async def step(self, deletion_id: str) -> float | None:
        """Take a deletion one step on.

        Returns:
            Seconds to wait before the next step, None when nothing is left to do.

        Raises:
            DeliveryFailed: A message cannot be changed now; the jobs have been seen to.
        """
        async with self._database.transaction() as tx:
            deletion = await tx.deletions.get(deletion_id)
            jobs = await tx.deletions.open_jobs(deletion_id)
            message = await tx.deletions.next_message(deletion_id)
        if deletion is None:
            return None
        for job in jobs:
            await self._see_to(job, deletion)
        await self._tell(deletion)
        if message is not None:
            await self._clear(deletion, message)
            return 0.0
        pause_s = await self._erasing.step(deletion)
        if pause_s is not None:
            return pause_s
        await self._tell(deletion)
        return await self._finish(deletion)

    async def _see_to(self, job: DeletedJob, deletion: Deletion) -> None:
        age_s = (now() - job.submit_started_at).total_seconds()
        found: DeletedJob | None = job
        try:
            found = job if job.request_id else await self._find(job)
            end = None if found is None else await self._stop(found)
        except FalUnavailable as error:
            logger.warning("deleted job %s: fal does not answer: %s", job.id, type(error).__name__)
            end = None
        except FalError as error:
            logger.warning("deleted job %s goes on at fal: %s", job.id, type(error).__name__)
            end = JobEnd.NOT_STOPPED
        if end is None and age_s > self._rules.job_deadline_s:
            end = JobEnd.NOT_STOPPED
        if end is not None:
            logger.info("deleted job %s, request %s: %s", job.id, job.request_id, end)
            async with self._database.transaction() as tx:
                await tx.deletions.note_end(job.id, end)
                if deletion.erases and found is not None and found.request_id is not None:
                    payload = DeletedPayload(
                        request_id=found.request_id, status_url=found.status_url
                    )
                    await tx.deletions.add_payload(deletion.id, payload)

    async def _find(self, job: DeletedJob) -> DeletedJob | None:
        """Look for a submit whose answer was lost, or has not come yet.

        What another row has is not stopped here: its user waits for it.
        """
        since = min(job.submit_started_at, now()) - HISTORY_MARGIN
        found = await self._fal.find_submissions(job.endpoint, job.marks, since) or ()
        async with self._database.transaction() as tx:
            claimed = await tx.requests.known(found)
        unclaimed = [request_id for request_id in found if request_id not in claimed]
        if len(unclaimed) != 1:
            return None
        known = await self._fal.job_of(job.endpoint, unclaimed[0])
        async with self._database.transaction() as tx:
            if not await tx.requests.claim(known.request_id, job.id):
                return None
            await tx.deletions.note_request(
                job.id, known.request_id, known.status_url, known.response_url, known.cancel_url
            )
        return replace(
            job,
            request_id=known.request_id,
            status_url=known.status_url,
            response_url=known.response_url,
            cancel_url=known.cancel_url,
        )

    async def _stop(self, job: DeletedJob) -> JobEnd:
        at_fal = Job(
            request_id=job.request_id or "",
            status_url=job.status_url or "",
            response_url=job.response_url or "",
            cancel_url=job.cancel_url or "",
        )
        outcome = await self._fal.cancel(at_fal)
        logger.info("deleted job %s: fal says %s to the cancel", job.id, outcome)
        return JobEnd.STOPPED

    async def _tell(self, deletion: Deletion) -> None:
        async with self._database.transaction() as tx:
            known = await tx.deletions.get(deletion.id)
            receipt = await tx.deletions.receipt(deletion.id)
        if deletion.receipt_message_id is not None:
            erasing = receipt.erasing > 0
        else:
            # No message is kept up to date, so what stays is told once, when all is seen to.
            is_over = not (receipt.erasing or receipt.under_way)
            erasing = deletion.erases and is_over and receipt.left > 0
        known = known or deletion
        if (known.told_under_way, known.told_erasing) == (receipt.under_way, erasing):
            return
        try:
            await self._announcer.show_receipt(known, receipt)
        except UserUnreachable:
            logger.info("deletion %s: its user cannot be told", deletion.id)
        async with self._database.transaction() as tx:
            await tx.deletions.note_told(deletion.id, receipt.under_way, erasing=erasing)

    async def _clear(self, deletion: Deletion, message: DeletedMessage) -> None:
        try:
            await self._announcer.clear(message, deletion.language)
        except UserUnreachable:
            logger.info("deletion %s: a message stays, its chat is closed", deletion.id)
        async with self._database.transaction() as tx:
            await tx.deletions.cleared(message)

    async def _finish(self, deletion: Deletion) -> float | None:
        async with self._database.transaction() as tx:
            if await tx.deletions.open_jobs(deletion.id):
                age_s = (now() - deletion.created_at).total_seconds()
                return pause_after(age_s, self._rules.poll_interval_s)
            is_late = (now() - deletion.created_at).total_seconds() > self._rules.job_deadline_s
            if await tx.copies.are_left_of(deletion.user_id) and not is_late:
                return self._rules.poll_interval_s
        # Only then the row goes: a kill in between does it again.
        if not await self._database.forget_deleted_text():
            return self._rules.poll_interval_s
        async with self._database.transaction() as tx:
            await tx.deletions.remove(deletion.id)
        logger.info("deletion %s is done", deletion.id)
        return None
