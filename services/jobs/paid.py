"""The life of a paid job, the same for every kind: submitted once, watched, ended once."""

from collections.abc import Mapping, Sequence
from typing import Generic

from services.jobs.doubt import Doubt
from services.jobs.endings import Endings
from services.jobs.kind import JobContext, Kind, Result, Row
from services.jobs.lanes import Lane
from services.jobs.laps import Laps
from services.jobs.news import News
from services.jobs.reads import Reads
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
        self._laps = Laps() if laps is None else laps
        self._reads = Reads(self._read_many)
        self._news = News(kind.changed)
        self._endings = Endings(kind, context, self._laps)
        self._submission = Submission(kind, context, self._endings)
        doubt = Doubt(kind, context)
        self._search = Search(kind, context, self._endings, self._submission, doubt)
        self._watch = Watch(kind, context, self._endings, doubt, self._laps)

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
        row = await self._reads.get(job_id)
        if row is None:
            self._forget(job_id)
            await self._kind.gone(job_id)
            return None
        if row.state in self._kind.states.at_fal:
            self._news.show(job_id, row.updated_at)
        else:
            self._kind.changed(job_id)
        async with self._lane(row).turn(row.user_id):
            return await self._take(row)

    async def release(self, job_id: str) -> bool:
        """See `Search.release`; the caller has the job carried on."""
        return await self._search.release(job_id)

    def _lane(self, row: Row) -> Lane:
        states, lanes = self._kind.states, self._context.lanes
        if row.state in {states.ready, states.submitting}:
            return lanes.submitting
        if row.state == states.unconfirmed or row.state in states.at_fal:
            return lanes.watching
        return self._kind.lane(row)

    async def _take(self, row: Row) -> float | None:
        states = self._kind.states
        if row.state in states.at_fal:
            return await self._look(row)
        if row.state in {states.ready, states.submitting}:
            self._laps.forget(row.id)
            delay_s: float | None = await self._submission.step(row)
        elif row.state == states.unconfirmed:
            self._laps.lap(row.id)
            older = await self._aged(row)
            delay_s = 0.0 if older is None else await self._search.step(older)
        else:
            self._forget(row.id)
            delay_s = await self._kind.step(row, self._endings)
        self._kind.changed(row.id)
        return delay_s

    async def _look(self, row: Row) -> float:
        """Look at a job at fal; where nothing has changed, nothing is written."""
        self._laps.lap(row.id)
        older: Row | None = row
        if self._laps.is_to_be_saved(row.id, self._context.rules.job_deadline_s):
            older = await self._aged(row)
        else:
            row.elapsed_s += self._laps.unsaved_s(row.id)
        return 0.0 if older is None else await self._watch.step(older)

    async def _aged(self, row: Row) -> Row | None:
        """Save how old a job is; None where it has gone on meanwhile."""
        unsaved_s = self._laps.unsaved_s(row.id)
        async with self._context.database.transaction() as tx:
            locked = await self._kind.rows(tx).lock(row.id)
            if locked is None or locked.state != row.state:
                return None
            locked.elapsed_s += unsaved_s
        self._laps.saved(row.id, unsaved_s)
        return locked

    def _forget(self, job_id: str) -> None:
        self._laps.forget(job_id)
        self._news.forget(job_id)
        self._search.forget(job_id)
        self._watch.forget(job_id)

    async def _read_many(self, job_ids: Sequence[str]) -> Mapping[str, Row]:
        async with self._context.database.transaction() as tx:
            return await self._kind.rows(tx).read_many(job_ids)
