"""What admins look at: figures of some days, and the jobs that may want somebody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from db.database import Database
from services.domain.clock import now
from services.domain.console import Action, ConsoleJob, Period
from services.jobs.again import WORTH_A_LOOK
from services.money.star_prices import PriceRow
from services.operator import MAINTENANCE
from services.rules import TrainingRules

JOBS_LISTED = 15
"""What fits into one message, with buttons."""

ACTIONS_LISTED = 20

LOST_FOR = timedelta(days=7)
"""How long a failed job is listed of which fal may have a result."""


@dataclass(frozen=True)
class Listed:
    """A job, and whether it has been under way for so long that somebody should look."""

    job: ConsoleJob
    is_stuck: bool = False


@dataclass(frozen=True)
class Home:
    """How many threads wait for an answer, whether no new orders are taken, and users pay."""

    threads_waiting: int
    is_maintained: bool
    are_paying: bool


class ConsoleReading:
    """Reads for admins.

    Args:
        database: Where everything is.
        rules: Say how long a job may take.
        star_usd: What a Star brings, in US dollars; None where users pay nothing.
        prices: Gives what is on offer, with its price now.
    """

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        star_usd: Decimal | None = None,
        prices: Callable[[], Sequence[PriceRow]] = tuple,
    ) -> None:
        self.star_usd = star_usd
        self.prices = prices
        self._database = database
        self._stuck_after = timedelta(seconds=rules.job_deadline_s / 4)

    async def period(self, days: int) -> Period:
        """Return what happened in the last days, each 24 hours."""
        async with self._database.transaction() as tx:
            return await tx.console.period(now() - timedelta(days=days))

    async def under_way(self) -> Sequence[Listed]:
        """Return the oldest jobs under way; stuck is what is unconfirmed, or old."""
        async with self._database.transaction() as tx:
            jobs = await tx.console.under_way(JOBS_LISTED)
        return [Listed(job, self._is_stuck(job)) for job in jobs]

    async def lost(self) -> Sequence[Listed]:
        """Return jobs that failed within a week and of which fal may have a result."""
        async with self._database.transaction() as tx:
            jobs = await tx.console.failed(now() - LOST_FOR, sorted(WORTH_A_LOOK), JOBS_LISTED)
        return [Listed(job) for job in jobs]

    async def actions(self) -> Sequence[Action]:
        """Return what admins did last."""
        async with self._database.transaction() as tx:
            return await tx.actions.newest(ACTIONS_LISTED)

    async def home(self) -> Home:
        """Return what the first screen shows of the others."""
        async with self._database.transaction() as tx:
            return Home(
                threads_waiting=await tx.support.count_waiting(),
                is_maintained=await tx.notices.since(MAINTENANCE) is not None,
                are_paying=self.star_usd is not None,
            )

    def _is_stuck(self, job: ConsoleJob) -> bool:
        return job.state == "unconfirmed" or now() - job.created_at > self._stuck_after
