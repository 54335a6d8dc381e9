"""How a paid job ends: its state, its charge and its price in one transaction, once."""

import logging
from collections.abc import Collection
from enum import StrEnum
from functools import partial
from typing import Generic

from db.database import Transaction
from services.domain.clock import now
from services.domain.deletion import JobEnd
from services.domain.vocabulary import FailureReason
from services.errors import FalAccount, FalError, FalJobFailed, FalRejected
from services.jobs.kind import End, Ending, JobContext, Kind, Result, Row
from services.jobs.laps import Laps
from services.lending.holding import give_back

logger = logging.getLogger(__name__)

NEVER_BILLED = frozenset({FailureReason.TRAINER_FAILED, FailureReason.GENERATOR_FAILED})
"""What fal itself broke it does not bill (https://fal.ai/docs/documentation/model-apis/pricing),
and it uses up nobody's day either."""


def ending_of(failure: FailureReason, error: FalError) -> Ending:
    """Return the ending of a job that fal says has no result.

    Where fal says whether it charges, that counts; a user is not told the difference.
    """
    is_free: bool | None = None
    if isinstance(error, FalRejected | FalJobFailed):
        is_free = error.is_free
    if is_free is None:
        is_free = failure in NEVER_BILLED
    return Ending(failure, str(error), is_charged=not is_free)


STOPPED = "stopped"
"""Why the price of a job is given back that its user has stopped."""


class Endings(Generic[Row, Result]):
    """Writes the end of jobs of one kind. What fal never got is not charged.

    A user pays for what has arrived: every end without a result gives the price back, whatever fal
    charges us.
    """

    def __init__(self, kind: Kind[Row, Result], context: JobContext, laps: Laps) -> None:
        self._kind = kind
        self._context = context
        self._laps = laps

    async def succeed(self, job_id: str, result: Result) -> bool:
        """Keep a result, unless the job has ended already; tells whether this call ended it.

        What fal made it charges, also where the charge had been given back with a failure.
        """
        async with self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).lock(job_id)
            if row is None or row.state not in self._kind.states.at_fal:
                return False
            ending = await self._kind.keep(tx, row, result)
            await self._context.ledger.keep(tx, job_id)
            if ending is not None:
                await self._give_back(tx, job_id, ending)
            elif self._kind.is_delivered_with_result:
                await self._context.credits.capture(tx, job_id, 1)
            self._write(row, ending)
            await self._leave(tx, row)
        self._tell(row, ending)
        if ending is None:
            self._kind.kept(row)
        return True

    async def end(self, job_id: str, ending: Ending, came_from: Collection[StrEnum]) -> bool:
        """End a job without a result, if it is still where the caller has seen it.

        A charge that is given back is given back also where the row was deleted meanwhile.

        Returns:
            Whether this call ended it.
        """
        async with self._context.database.transaction() as tx:
            row = await self._kind.rows(tx).lock(job_id)
            if row is not None and row.state not in came_from:
                return False
            if not ending.is_charged or (row is not None and row.submit_started_at is None):
                await self._context.ledger.release(tx, job_id)
            await self._give_back(tx, job_id, ending)
            if row is None:
                await tx.deletions.note_end(job_id, JobEnd.STOPPED)
                return False
            self._write(row, ending)
            await self._leave(tx, row)
        self._tell(row, ending)
        return True

    async def refuse(self, job_id: str, error: FalError, came_from: Collection[StrEnum]) -> None:
        """End a job that fal has refused before it was one: it costs nothing."""
        if isinstance(error, FalAccount):
            await self._context.operator.account_refused(str(error))
        ending = Ending(self._kind.failure(error), str(error), is_charged=False)
        await self.end(job_id, ending, came_from)

    async def _give_back(self, tx: Transaction, job_id: str, ending: Ending) -> None:
        await self._context.credits.release(tx, job_id, ending.failure or STOPPED)
        await give_back(tx, job_id)

    def _write(self, row: Row, ending: Ending | None) -> None:
        states = self._kind.states
        row.elapsed_s += self._laps.unsaved_s(row.id)
        row.finished_at, row.queue_position = now(), None
        if ending is None:
            row.state = states.done
            return
        row.state = states.cancelled if ending.failure is None else states.failed
        row.failure, row.failure_detail = ending.failure, ending.detail or None

    async def _leave(self, tx: Transaction, row: Row) -> None:
        """Leave word for the user's own program."""
        end = "completed" if row.state == self._kind.states.done else str(row.state)
        outcome = partial(self._kind.outcome, tx, row)
        await self._context.leave(tx, row.user_id, f"{self._kind.name}.{end}", outcome)

    def _tell(self, row: Row, ending: Ending | None) -> None:
        end = End(self._kind.name, str(row.state), row.failure, row.elapsed_s)
        self._context.ended(end)
        # fal's words may repeat the prompt; they are kept with the row, not in the log.
        logger.log(
            logging.INFO if ending is None or ending.failure is None else logging.WARNING,
            "%s %s of user %s is %s%s after %.0f s: request %s, priced %s USD",
            self._kind.name,
            row.id,
            row.user_id,
            row.state,
            f" ({row.failure})" if ending is not None and ending.failure is not None else "",
            row.elapsed_s,
            row.request_id,
            row.price_usd,
        )
