"""The queue: who waits, who runs, and when a job ends."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.fal.clock import GENERATION_SHARE, Bell, Clock, ClockMode
from sandbox.fal.failures import (
    JobFailure,
    Outcome,
    infrastructure_error,
    named_failure,
    start_timeout,
)
from sandbox.fal.ids import uuid7
from sandbox.fal.job import Job, JobStatus
from sandbox.fal.scenario import CancelMode, Scenario

logger = logging.getLogger(__name__)

TICK_S = 0.05
"""How often waiting jobs look at the time; every other change wakes them at once."""
_STALLED_AT = 0.42
_UNFINISHED = 0.999


@dataclass
class Controls:
    """What the control plane sets."""

    clock: Clock
    scenario: Scenario


class Engine:
    """Runs jobs one after another, a few at once.

    Args:
        controls: Clock and scenario, read again at every step.
        work: Does all of a job but the waiting, and gives what stores its product at the end.
        now: Unix time.
        ended: Is told of each job that has ended.
    """

    def __init__(
        self,
        controls: Controls,
        work: Callable[[Job], Awaitable[Callable[[], Outcome]]],
        now: Callable[[], float],
        ended: Callable[[Job], None],
    ) -> None:
        self._ended = ended
        self._controls = controls
        self._work = work
        self._now = now
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.bell = Bell()

    @property
    def waiting(self) -> int:
        """How many jobs wait."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether a new job would have to wait."""
        return len(self._running) + len(self._waiting) >= self._controls.scenario.concurrency

    def add(self, job: Job) -> None:
        """Take a job into the queue."""
        self._enqueue(job, first=False)
        # This class owns its tasks: they are kept here and cancelled in close().
        task = asyncio.create_task(self._live(job))  # noqa: TID251
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop all jobs where they are."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._waiting.clear()
        self._running.clear()

    def position(self, job: Job) -> int:
        """The 0-based place of a waiting job, those of strangers included."""
        return self._strangers_ahead(job) + self._waiting.index(job)

    def progress(self, job: Job) -> float:
        """How much of a running job is done, 0 to 1."""
        if job.status is JobStatus.COMPLETED:
            return 1.0
        clock = self._controls.clock
        if job.submission.synchronous and clock.mode is ClockMode.POLLS:
            clock = Clock()  # Nobody polls it, so it does not wait for polls.
        done = clock.progress(
            elapsed_s=asyncio.get_running_loop().time() - job.began,
            polls=job.run_polls,
            share=1.0 if job.is_training else GENERATION_SHARE,
        )
        return min(done, _STALLED_AT) if self._controls.scenario.stall else done

    def polled(self, job: Job) -> None:
        """Count an answered status request and tell the log lines that are due."""
        if job.status is JobStatus.IN_QUEUE:
            job.queue_polls += 1
        elif job.status is JobStatus.IN_PROGRESS:
            job.run_polls += 1
        self.bell.ring()

    def tell_logs(self, job: Job) -> None:
        """Move the log on to where the job is."""
        if job.status is not JobStatus.IN_QUEUE:
            finished = job.outcome is not None and job.outcome.ok
            job.logs.tell(1.0 if finished else min(self.progress(job), _UNFINISHED), self._now())

    def cancel(self, job: Job) -> None:
        """Ask a job to end; it does unless the scenario says otherwise."""
        job.cancel_requested = True
        self.bell.ring()

    async def finished(self, job: Job) -> Outcome:
        """Wait for the end of a job."""
        while job.outcome is None:
            await self.bell.wait(TICK_S)
        return job.outcome

    def _enqueue(self, job: Job, *, first: bool) -> None:
        job.status = JobStatus.IN_QUEUE
        job.queued_since = asyncio.get_running_loop().time()
        job.queue_polls = 0
        self._waiting.insert(0 if first else len(self._waiting), job)
        self.bell.ring()

    async def _live(self, job: Job) -> None:
        try:
            outcome = await self._run(job)
        except JobFailure as failure:
            outcome = failure.outcome
        except Exception:
            # A crash of the model is a model's 500 to the caller and a bug of ours in the log.
            logger.exception("job %s crashed", job.request_id)
            outcome = Outcome(500, {"detail": "Internal Server Error"})
        self._finish(job, outcome)

    async def _run(self, job: Job) -> Outcome:
        await self._wait_for_slot(job)
        if self._controls.scenario.requeue_once and not job.submission.synchronous:
            await self._lose_runner(job)
        deliver = await self._work(job)
        await self._until(job, lambda: self.progress(job) >= 1.0)
        scenario = self._controls.scenario
        failure = scenario.fail_training if job.is_training else scenario.fail_generation
        if failure is not None:
            raise named_failure(failure, ["body"])
        return deliver()

    async def _wait_for_slot(self, job: Job) -> None:
        await self._until(job, lambda: self._may_start(job))
        self._waiting.remove(job)
        self._running.append(job)
        job.status = JobStatus.IN_PROGRESS
        job.started_at = self._now()
        job.began = asyncio.get_running_loop().time()
        job.run_polls = 0
        self.bell.ring()

    async def _lose_runner(self, job: Job) -> None:
        """Be seen running, then waiting again, then run; each needs one poll to be seen."""
        await self._until(job, lambda: job.run_polls > 0)
        if job.submission.no_retry:
            raise infrastructure_error("runner_disconnected")
        self._running.remove(job)
        job.gateway_request_id = uuid7()
        self._enqueue(job, first=True)
        await self._until(job, lambda: job.queue_polls > 0)
        await self._wait_for_slot(job)

    def _may_start(self, job: Job) -> bool:
        limit = job.submission.start_timeout_s
        waited = asyncio.get_running_loop().time() - job.queued_since
        if limit is not None and waited >= limit:
            raise start_timeout()
        free = len(self._running) < self._controls.scenario.concurrency
        return free and self._waiting[0] is job and not self._strangers_ahead(job)

    def _strangers_ahead(self, job: Job) -> int:
        gone = job.queue_polls
        if self._controls.clock.mode is ClockMode.SECONDS:
            gone = int(asyncio.get_running_loop().time() - job.queued_since)
        return max(0, job.ahead - gone)

    async def _until(self, job: Job, happened: Callable[[], bool]) -> None:
        while True:
            if job.cancel_requested and self._controls.scenario.cancel_mode != CancelMode.IGNORE:
                raise infrastructure_error("client_cancelled")
            if happened():
                return
            await self.bell.wait(TICK_S)

    def _finish(self, job: Job, outcome: Outcome) -> None:
        for jobs in (self._waiting, self._running):
            if job in jobs:
                jobs.remove(job)
        job.outcome = outcome
        job.ended_at = self._now()
        job.status = JobStatus.COMPLETED
        self.tell_logs(job)
        self.bell.ring()
        self._ended(job)
