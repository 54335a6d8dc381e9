"""The search for a submit whose answer was lost: in fal's request history, until the deadline."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Generic

from db.paid_jobs import PaidJobColumns
from services.domain.clock import now
from services.domain.vocabulary import FailureReason
from services.jobs.doubt import Doubt
from services.jobs.endings import Endings
from services.jobs.kind import Ending, JobContext, Kind, Result, Row
from services.jobs.pauses import pause_after
from services.jobs.submission import Submission

HISTORY_MARGIN = timedelta(minutes=10)
"""fal's clock may differ from ours by less than this; clients that do the same allow 1-2 min."""

NOT_ASKED = "the history did not answer"

RELEASED = "released by an admin"


class Search(Generic[Row, Result]):
    """Finds submits of one kind in fal's history.

    Nothing but exactly one match is an answer. An empty or refused answer is no proof (it is not
    known when a request is listed), and two matches are not guessed between; so all of them are
    asked again until the deadline, and nothing is ever sent again.
    """

    def __init__(
        self,
        kind: Kind[Row, Result],
        context: JobContext,
        endings: Endings[Row, Result],
        submission: Submission[Row, Result],
        doubt: Doubt[Row, Result],
    ) -> None:
        self._kind = kind
        self._context = context
        self._endings = endings
        self._submission = submission
        self._doubt = doubt
        self._said: dict[str, str] = {}

    async def step(self, row: Row) -> float:
        """Look once, and adopt what is found."""
        rules = self._context.rules
        async with self._context.database.transaction() as tx:
            is_barred = await self._kind.barred(tx, row) is not None
        if is_barred or row.elapsed_s > rules.job_deadline_s:
            await self._give_up(row)
            return 0.0
        if row.elapsed_s > rules.reconcile_for_s:
            await self._doubt.tell(row, self._said.get(row.id, NOT_ASKED))
        endpoint, marks = await self._kind.marks(row)
        found = await self._context.fal.find_submissions(endpoint, marks, _since(row))
        unclaimed = await self._unclaimed(found)
        self._said[row.id] = what_history_said(unclaimed)
        if unclaimed is not None and len(unclaimed) == 1:
            job = await self._context.fal.job_of(endpoint, unclaimed[0])
            if await self._submission.adopt(row.id, job):
                self.forget(row.id)
                return 0.0
            self._said[row.id] = what_history_said([])
        return pause_after(row.elapsed_s, rules.poll_interval_s)

    async def release(self, job_id: str) -> bool:
        """End a job before its deadline whose submit nobody can confirm; fal is not asked.

        Returns:
            Whether this call ended it.
        """
        ending = Ending(FailureReason.SUBMIT_UNKNOWN, self._said.pop(job_id, RELEASED))
        return await self._endings.end(job_id, ending, {self._kind.states.unconfirmed})

    def forget(self, job_id: str) -> None:
        """Forget a job that is searched for no more."""
        self._said.pop(job_id, None)

    async def _unclaimed(self, request_ids: Sequence[str] | None) -> Sequence[str] | None:
        """Leave out the requests that other rows are known to be."""
        if not request_ids:
            return request_ids
        async with self._context.database.transaction() as tx:
            claimed = await tx.requests.known(request_ids)
        return [request_id for request_id in request_ids if request_id not in claimed]

    async def _give_up(self, row: Row) -> None:
        said = self._said.pop(row.id, NOT_ASKED)
        ending = Ending(FailureReason.SUBMIT_UNKNOWN, said)
        ended = await self._endings.end(row.id, ending, {self._kind.states.unconfirmed})
        if ended and row.doubt_told_at is None:
            await self._doubt.tell_admins(row, said)


def what_history_said(found: Sequence[str] | None) -> str:
    """Return why a lost submit could not be matched with one request in fal's history."""
    if found is None:
        return "the history cannot tell"
    return f"the history has {', '.join(found)}" if found else "the history does not have it"


def _since(row: PaidJobColumns) -> datetime:
    # The clock may have been ahead when the submit was noted.
    return min(row.submit_started_at or row.created_at, row.created_at, now()) - HISTORY_MARGIN
