"""The life of a paid job, the same for every kind: submitted once, watched, ended once."""

from collections.abc import Sequence
from typing import Generic

from services.jobs.doubt import Doubt
from services.jobs.endings import Endings
from services.jobs.kind import JobContext, Kind, Result, Row
from services.jobs.lanes import Lane
from services.jobs.laps import Laps
from services.jobs.search import Search
from services.jobs.submission import Submission
from services.jobs.watch import Watch


class PaidJobs(Generic[Row, Result]):
    """The step that the carrier calls for jobs of one kind; every branch saves before it returns.

    Rows are read without a lock and changed under one, and only from the state in which they were
    seen, so that any number of processes on one database submit and end a job once.
    """

    def __init__(
        self, kind: Kind[Row, Result], context: JobContext, laps: Laps | None = None
    ) -> None:
        self._kind = kind
        self._context = context
        self._laps = laps or Laps()
        self._endings = Endings(kind, context)
        self._submission = Submission(kind, context, self._endings)
        doubt = Doubt(kind, context)
        self._search = Search(kind, context, self._endings, self._submission, doubt)
        self._watch = Watch(kind, context, self._endings, doubt)

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of jobs under way or with an end not yet told."""
        async with self._context.database.transaction() as tx:
            return await self._kind.rows(tx).unfinished()

    async def step(self, job_id: str) -> float | None:
        """Take a job one step on.

        Returns:
            Seconds to wait before the next step, None when the job is done with.

        Raises:
            LaneClosed: The process is being stopped.
        """
        async with self._context.lanes.reading, self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).get(job_id)
        if row is None:
            self._laps.forget(job_id)
            await self._kind.gone(job_id)
            return None
        self._kind.changed(job_id)
        async with self._lane(row).turn(row.user_id):
            delay_s = await self._take(row)
        self._kind.changed(job_id)
        return delay_s

    def _lane(self, row: Row) -> Lane:
        states, lanes = self._kind.states, self._context.lanes
        if row.state in {states.ready, states.submitting}:
            return lanes.submitting
        if row.state == states.unconfirmed or row.state in states.at_fal:
            return lanes.watching
        return self._kind.lane(row)

    async def _take(self, row: Row) -> float | None:
        states = self._kind.states
        if row.state in {states.ready, states.submitting}:
            return await self._submission.step(row)
        if row.state == states.unconfirmed or row.state in states.at_fal:
            older = await self._aged(row)
            if older is None:
                return 0.0
            part = self._search if row.state == states.unconfirmed else self._watch
            return await part.step(older)
        self._laps.forget(row.id)
        return await self._kind.step(row, self._endings)

    async def _aged(self, row: Row) -> Row | None:
        """Add what has passed since the last step; None where the job has gone on meanwhile."""
        lap_s = self._laps.lap_s(row.id)
        async with self._context.database.transaction() as tx:
            locked = await self._kind.rows(tx).lock(row.id)
            if locked is None or locked.state != row.state:
                return None
            locked.elapsed_s += lap_s
        return locked
