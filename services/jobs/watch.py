"""The watch over a job at fal: until there is a result, an error that counts, or the deadline."""

import logging
from typing import Generic

from services.domain.clock import now
from services.domain.vocabulary import FailureReason
from services.errors import (
    FalError,
    FalJobCancelled,
    FalJobFailed,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalResultUnreadable,
    FalUnavailable,
)
from services.fal.gateway import CancelOutcome, Ended, Job, JobStatus, Queued, Running
from services.jobs.at_fal import ask_to_cancel, job_of
from services.jobs.doubt import Doubt
from services.jobs.endings import Endings, ending_of
from services.jobs.kind import Ending, JobContext, Kind, Result, Row
from services.jobs.laps import Laps
from services.jobs.pauses import pause_between_looks, pause_of
from services.jobs.troubles import ERRORS_BELIEVED, Troubles

logger = logging.getLogger(__name__)

TOLD_AFTER = 6
"""How many bad answers in a row are told: after half a minute for pictures, two for trainings."""


class Watch(Generic[Row, Result]):
    """Watches jobs of one kind."""

    def __init__(
        self,
        kind: Kind[Row, Result],
        context: JobContext,
        endings: Endings[Row, Result],
        doubt: Doubt[Row, Result],
        laps: Laps,
    ) -> None:
        self._kind = kind
        self._context = context
        self._endings = endings
        self._doubt = doubt
        self._laps = laps
        self._troubles = Troubles()

    async def step(self, row: Row) -> float:
        """Look at a job once; the deadline comes before each look.

        Where nothing has changed since the last look, nothing is written and nothing shown.
        """
        job = job_of(row)
        if row.elapsed_s > self._context.rules.job_deadline_s:
            self._troubles.forget(row.id)
            await self._give_up(row, job)
            self._kind.changed(row.id)
            return 0.0
        if row.cancel_requested_at and not row.cancel_sent_at and await self._cancel(row, job):
            return 0.0
        try:
            status = await self._context.fal.status(job)
        except FalResultGone as error:
            if not self._troubles.has_lasted(row.id, error, row.elapsed_s):
                return await self._bad_answer(row, error)
            # The result may be there all the same, or else tells whether there is none.
            return await self._read(row, job, Ended())
        except FalUnavailable as error:
            await self._note_trouble(row, error)
            raise
        await self._context.operator.watching_accepted()
        if isinstance(status, Ended):
            if row.cancel_requested_at is None:
                self._context.pushes.ended(job.request_id, row.submit_started_at)
            return await self._read(row, job, status)
        was_in_trouble = self._troubles.forget(row.id)
        if self._follow(row, status):
            await self._note_status(row.id, status)
        elif was_in_trouble:
            self._kind.changed(row.id)
        pace_s = self._context.pushes.pace_s(self._kind.poll_s)
        return pause_between_looks(row.elapsed_s, pace_s, len(self._laps))

    def forget(self, job_id: str) -> None:
        """Forget a job that is watched no more."""
        self._troubles.forget(job_id)

    async def _read(self, row: Row, job: Job, status: Ended) -> float:
        try:
            result = await self._kind.result(job)
        except FalResultUnreadable as error:
            await self._keep_raw(row, error)
            if not self._troubles.has_lasted(row.id, error, row.elapsed_s):
                return await self._bad_answer(row, error)
            self._troubles.forget(row.id)
            await self._end_without(row, job, await self._last_word(row, error))
        except FalUnavailable as error:
            await self._note_trouble(row, error)
            raise
        except FalError as error:
            if not self._is_believed(row, status, error):
                return await self._bad_answer(row, error)
            self._troubles.forget(row.id)
            ending = self._ending(row, error)
            if isinstance(error, FalResultGone) and ending.failure is not None:
                await self._end_without(row, job, ending)
            else:
                await self._endings.end(row.id, ending, self._kind.states.at_fal)
        else:
            self._troubles.forget(row.id)
            await self._endings.succeed(row.id, result)
        self._kind.changed(row.id)
        return 0.0

    def _is_believed(self, row: Row, status: Ended, error: FalError) -> bool:
        times = self._troubles.times(row.id) + 1
        if status.error is not None:
            return True
        if isinstance(error, FalJobCancelled) and row.cancel_sent_at is not None:
            return True
        if isinstance(error, FalRejected) and error.error_type:
            return True
        is_named = isinstance(error, FalRejected | FalJobCancelled) or (
            isinstance(error, FalJobFailed) and bool(error.error_type)
        )
        if times >= ERRORS_BELIEVED and (is_named or row.cancel_sent_at is not None):
            return True
        return self._troubles.has_lasted(row.id, error, row.elapsed_s)

    def _ending(self, row: Row, error: FalError) -> Ending:
        if row.cancel_sent_at is None:
            return ending_of(self._kind.failure(error), error)
        return Ending(None, str(error), is_charged=not self._is_free_stop(row, error))

    def _is_free_stop(self, row: Row, error: FalError) -> bool:
        """Return whether a job that was stopped on our request is known to cost nothing."""
        is_free = error.is_free if isinstance(error, FalRejected | FalJobFailed) else None
        if is_free is None:
            # fal does not bill waiting; what it bills of a run that was stopped is not known.
            return isinstance(error, FalJobCancelled) and not self._kind.has_run(row)
        return is_free

    async def _cancel(self, row: Row, job: Job) -> bool:
        """Ask fal to stop a job; tells whether it has ended with that."""
        outcome = await ask_to_cancel(self._context.fal, job)
        if outcome is None:
            return False
        async with self._context.database.transaction() as tx:
            locked = await self._kind.rows(tx).lock(row.id)
            if locked is not None:
                locked.cancel_sent_at = row.cancel_sent_at = now()
        self._kind.changed(row.id)
        if outcome is not CancelOutcome.REMOVED:
            # Whatever else fal said, only the result tells whether there is one.
            return False
        removed = Ending(None, "removed from the queue", is_charged=False)
        return await self._endings.end(row.id, removed, self._kind.states.at_fal)

    async def _give_up(self, row: Row, job: Job) -> None:
        outcome = await ask_to_cancel(self._context.fal, job)
        if outcome is CancelOutcome.REMOVED:
            ending = Ending(FailureReason.DEADLINE, "removed from the queue", is_charged=False)
        else:
            # It may be ready all the same, or just now.
            try:
                result = await self._kind.result(job)
            except FalError as error:
                ending = await self._last_word(row, error)
            else:
                await self._endings.succeed(row.id, result)
                return
        await self._end_without(row, job, ending)

    async def _end_without(self, row: Row, job: Job, ending: Ending) -> None:
        """End a job of which fal may have a result all the same, and tell the admins."""
        if row.cancel_requested_at is not None:
            ending = Ending(None, ending.detail, is_charged=ending.is_charged)
        if await self._endings.end(row.id, ending, self._kind.states.at_fal):
            await self._context.operator.result_missing(
                self._kind.name, row.id, job.request_id, ending.detail
            )

    async def _last_word(self, row: Row, error: FalError) -> Ending:
        if isinstance(error, FalResultUnreadable):
            await self._keep_raw(row, error)
            return Ending(FailureReason.RESULT_LOST, str(error))
        if isinstance(error, FalJobCancelled):
            is_free = self._is_free_stop(row, error)
            return Ending(FailureReason.DEADLINE, str(error), is_charged=not is_free)
        if isinstance(error, FalUnavailable):
            return Ending(FailureReason.DEADLINE, f"not done in time: {error}")
        return ending_of(self._kind.failure(error), error)

    async def _keep_raw(self, row: Row, error: FalResultUnreadable) -> None:
        async with self._context.database.transaction() as tx:
            locked = await self._kind.rows(tx).lock(row.id)
            if locked is None:
                return
            is_new, locked.raw_result = locked.raw_result is None, error.raw
        if is_new:
            await self._context.operator.result_unreadable(
                self._kind.name, row.id, job_of(row).request_id, str(error)
            )

    async def _note_status(self, job_id: str, status: JobStatus) -> None:
        unsaved_s = self._laps.unsaved_s(job_id)
        async with self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).lock(job_id)
            if row is None or row.state not in self._kind.states.at_fal:
                return
            self._follow(row, status)
            row.elapsed_s += unsaved_s
        self._laps.saved(job_id, unsaved_s)
        self._kind.changed(job_id)

    def _follow(self, row: Row, status: JobStatus) -> bool:
        """Have a row say what fal says; return whether it said something else."""
        states, before = self._kind.states, (row.state, row.queue_position)
        if isinstance(status, Queued):
            row.state, row.queue_position = states.queued, status.position
        has_more = False
        if isinstance(status, Running):
            row.state, row.queue_position = states.running, None
            has_more = self._kind.note_running(row, status)
        return has_more or before != (row.state, row.queue_position)

    async def _bad_answer(self, row: Row, error: FalError) -> float:
        await self._note_trouble(row, error)
        # fal, where it calls, has called for this job already.
        return pause_of(self._troubles.times(row.id), self._kind.poll_s)

    async def _note_trouble(self, row: Row, error: FalError) -> None:
        self._kind.changed(row.id)
        times = self._troubles.note(row.id, error, row.elapsed_s)
        if isinstance(error, FalRefusesKey):
            await self._context.operator.watching_refused(str(error))
        elif not error.is_outage and times in {1, TOLD_AFTER}:
            logger.warning(
                "%s %s: bad answer %s of fal in a row: %s: %s",
                self._kind.name,
                row.id,
                times,
                type(error).__name__,
                error,
            )
        if times >= TOLD_AFTER:
            await self._doubt.tell(row, str(error))
