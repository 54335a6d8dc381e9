"""The submit: claimed, sent at most once, and its answer stored."""

import logging
from datetime import datetime
from typing import Generic

from db.fence import fenced
from services.domain.clock import now
from services.domain.deletion import JobEnd
from services.errors import FalError, FalOutcomeUnknown, FalUnavailable
from services.fal.gateway import Job
from services.jobs.at_fal import ask_to_cancel
from services.jobs.endings import Endings
from services.jobs.kind import JobContext, Kind, Result, Row

logger = logging.getLogger(__name__)


class Submission(Generic[Row, Result]):
    """Submits jobs of one kind.

    The intention is committed before the request leaves and the request id after the answer. What
    is found between the two is never sent again: fal has no key against repeats. What fal answered
    is kept also by a replica that has lost its lease meanwhile: nobody else knows it.
    """

    def __init__(
        self, kind: Kind[Row, Result], context: JobContext, endings: Endings[Row, Result]
    ) -> None:
        self._kind = kind
        self._context = context
        self._endings = endings

    async def step(self, row: Row) -> float:
        """Submit a job, or note that an earlier process may have done so."""
        if row.submit_started_at is not None:
            await self._doubt(row.id)
            return 0.0
        async with self._context.database.transaction() as tx:
            ending = await self._kind.barred(tx, row)
        if ending is not None:
            await self._endings.end(row.id, ending, {self._kind.states.ready})
            return 0.0
        request = await self._kind.request(row)
        claimed_at = await self._claim(row.id)
        if claimed_at is None:
            return 0.0
        try:
            job = await request()
        except FalUnavailable:
            with fenced(None):
                await self._release(row.id, claimed_at)
            raise
        except FalOutcomeUnknown as error:
            logger.warning(
                "%s %s: outcome of the submit unknown: %s", self._kind.name, row.id, error
            )
            await self._doubt(row.id)
        except FalError as error:
            with fenced(None):
                await self._endings.refuse(row.id, error, self._kind.states.being_submitted)
        else:
            with fenced(None):
                if not await self.adopt(row.id, job):
                    await self._doubt(row.id)
            await self._context.operator.account_accepted()
        return 0.0

    async def adopt(self, job_id: str, job: Job) -> bool:
        """Store that fal has taken a job, by the answer or by its history.

        A job whose row was deleted meanwhile is asked to be cancelled. One that had been given up
        is taken up again.

        Returns:
            Whether the request is this job's. One that another row has is that row's, and nothing
            is changed: this job is looked for as if nothing had been found.
        """
        states = self._kind.states
        async with self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).lock(job_id)
            if not await tx.requests.claim(job.request_id, job_id):
                logger.warning(
                    "%s %s is not request %s, which another has",
                    self._kind.name,
                    job_id,
                    job.request_id,
                )
                return False
            if row is not None and row.request_id is None:
                if row.state == states.failed:
                    row.reopen()
                row.state, row.request_id = states.queued, job.request_id
                row.status_url, row.response_url = job.status_url, job.response_url
                row.cancel_url = job.cancel_url
            if row is None:
                await tx.deletions.note_request(
                    job_id, job.request_id, job.status_url, job.response_url, job.cancel_url
                )
            await self._context.ledger.submitted(tx, job_id, job.request_id)
        if row is None:
            await ask_to_cancel(self._context.fal, job)
        logger.info("%s %s is request %s", self._kind.name, job_id, job.request_id)
        return True

    async def _claim(self, job_id: str) -> datetime | None:
        """Record the intention; None when another process has, or it must not leave."""
        states = self._kind.states
        async with self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).lock(job_id)
            if row is None or row.state != states.ready or row.submit_started_at is not None:
                return None
            if await self._kind.barred(tx, row) is not None:
                return None
            row.state, row.submit_started_at, row.elapsed_s = states.submitting, now(), 0.0
        logger.info(
            "%s %s of user %s is submitted, priced %s USD",
            self._kind.name,
            job_id,
            row.user_id,
            row.price_usd,
        )
        return row.submit_started_at

    async def _release(self, job_id: str, claimed_at: datetime) -> None:
        """Take the intention back: fal has not taken the job, so it may be sent again."""
        states = self._kind.states
        async with self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).lock(job_id)
            if row is None:
                await self._context.ledger.release(tx, job_id)
                await tx.deletions.note_end(job_id, JobEnd.STOPPED)
            elif row.state in states.being_submitted and row.submit_started_at == claimed_at:
                row.state, row.submit_started_at = states.ready, None

    async def _doubt(self, job_id: str) -> None:
        states = self._kind.states
        async with self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).lock(job_id)
            if row is not None and row.state == states.submitting and row.submit_started_at:
                row.state = states.unconfirmed
