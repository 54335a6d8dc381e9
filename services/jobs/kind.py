"""What differs between kinds of paid requests; all else is done once, in this package."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from db.database import Database, Transaction
from db.paid_jobs import PaidJobColumns
from services.domain.vocabulary import FailureReason
from services.errors import FalError
from services.fal.gateway import FalGateway, Job, Running
from services.jobs.lanes import Lane, Lanes
from services.jobs.pushes import Pushes
from services.money.credits import Credits
from services.money.limits import Ledger
from services.operator import Operator
from services.rules import TrainingRules

if TYPE_CHECKING:
    from services.jobs.endings import Endings

Row = TypeVar("Row", bound=PaidJobColumns)
Result = TypeVar("Result")
Read_co = TypeVar("Read_co", bound=PaidJobColumns, covariant=True)


@dataclass(frozen=True)
class States:
    """The names that a kind's states have. A kind without `cancelled` cannot be cancelled."""

    ready: StrEnum
    submitting: StrEnum
    unconfirmed: StrEnum
    queued: StrEnum
    running: StrEnum
    done: StrEnum
    failed: StrEnum
    cancelled: StrEnum | None = None

    @property
    def being_submitted(self) -> frozenset[StrEnum]:
        """The states in which a paid request may have left, and no answer is stored."""
        return frozenset({self.submitting, self.unconfirmed})

    @property
    def at_fal(self) -> frozenset[StrEnum]:
        """The states in which fal has the job."""
        return frozenset({self.queued, self.running})


@dataclass(frozen=True)
class Ending:
    """An end without a result; no `failure` where the user stopped it.

    `detail` is fal's words, for the operator. What is not charged goes back into the user's day
    and the bot's budget.
    """

    failure: FailureReason | None
    detail: str = ""
    is_charged: bool = True


@dataclass(frozen=True)
class End:
    """A job has ended: its kind, the state and the reason, and the seconds since the submit."""

    kind: str
    state: str
    failure: str | None
    elapsed_s: float


def _told_to_nobody(end: End) -> None:
    del end


Outcome = Callable[[], Awaitable[Mapping[str, Any]]]
"""Returns what a user's own program is told of an end."""


async def _left_for_nobody(tx: Transaction, user_id: int, event: str, outcome: Outcome) -> None:
    del tx, user_id, event, outcome


@dataclass(frozen=True)
class JobContext:
    """What all kinds are built on.

    `ended` is told of each end once it is committed; `leave` leaves word of it for the user's own
    program, in its transaction. `pushes` knows whether fal tells by itself
    when a job has ended; looking at it is a safety net then. What users pay with is `credits`: a
    job that nobody paid for has no order there.
    """

    database: Database
    rules: TrainingRules
    fal: FalGateway
    ledger: Ledger
    operator: Operator
    lanes: Lanes
    ended: Callable[[End], None] = _told_to_nobody
    leave: Callable[[Transaction, int, str, Outcome], Awaitable[None]] = _left_for_nobody
    credits: Credits = field(default_factory=Credits)
    pushes: Pushes = field(default_factory=Pushes)


class Rows(Protocol[Read_co]):
    """The repository of a kind."""

    async def get(self, row_id: str, /) -> Read_co | None:
        """Return a row, for reading."""
        ...

    async def lock(self, row_id: str, /) -> Read_co | None:
        """Return a row that nobody else changes until the transaction ends."""
        ...

    async def read_many(self, row_ids: Sequence[str], /) -> Mapping[str, Read_co]:
        """Return rows by id, for reading; those that are gone are left out."""
        ...

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of rows that have something left to be done."""
        ...

    async def of_requests(self, request_ids: Collection[str], /) -> Sequence[tuple[str, StrEnum]]:
        """Return id and state of the rows that have one of these request ids of fal's."""
        ...

    async def in_state(self, state: StrEnum, limit: int, /) -> Sequence[str]:
        """Return the ids of rows in a state, at most `limit`."""
        ...


class Kind(ABC, Generic[Row, Result]):
    """One kind of paid request. A new kind is a subclass of this and nothing else."""

    name: ClassVar[str]
    """In logs, and for admins."""

    states: ClassVar[States]

    is_delivered_with_result: ClassVar[bool]
    """Whether the user has what they paid for once the result is kept; otherwise the kind takes
    its price when it has arrived."""

    poll_s: float
    """How often a job is looked at while fal answers well and does not tell of its end itself."""

    @abstractmethod
    def rows(self, tx: Transaction) -> Rows[Row]:
        """Return the repository of the rows."""

    @abstractmethod
    async def request(self, row: Row) -> Callable[[], Awaitable[Job]]:
        """Return the call that submits; nothing leaves before it is made, and it is made once."""

    @abstractmethod
    async def marks(self, row: Row) -> tuple[str, Sequence[str]]:
        """Return the endpoint of a request, and what tells its input from all others' there."""

    @abstractmethod
    async def result(self, job: Job) -> Result:
        """Fetch what a job made; raises as `FalGateway.trained_lora`."""

    @abstractmethod
    async def keep(self, tx: Transaction, row: Row, result: Result) -> Ending | None:
        """Keep what a job made, in the transaction that ends the row.

        Returns:
            None, or the ending where the result is worth nothing to the user.
        """

    @abstractmethod
    async def outcome(self, tx: Transaction, row: Row) -> Mapping[str, Any]:
        """Return what a user's own program is told of an end, in the words of the API.

        These are ids and states only: whoever wants more asks for it.
        """

    @abstractmethod
    def failure(self, error: FalError) -> FailureReason:
        """Return in our words why fal gave no result."""

    @abstractmethod
    def changed(self, row_id: str) -> None:
        """Let what the user sees catch up. Never fails."""

    @abstractmethod
    async def tell_doubt(self, row_id: str) -> None:
        """Tell the user that it is not clear what fal has done, and that it is looked for.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """

    @abstractmethod
    def lane(self, row: Row) -> Lane:
        """Return the lane of what is left to do outside of fal's part."""

    @abstractmethod
    async def step(self, row: Row, endings: "Endings[Row, Result]") -> float | None:
        """Do what comes before the submit or after the end; returns as `PaidJobs.step`."""

    async def barred(self, tx: Transaction, row: Row) -> Ending | None:
        """Return how a job ends that must not be submitted any more, or cannot be found at fal.

        It is asked for before the submit, in the transaction that claims it, and before a search.
        """
        del tx, row
        return None

    async def gone(self, row_id: str) -> None:
        """Clear up after a row that was deleted."""
        del row_id

    def has_run(self, row: Row) -> bool:
        """Return whether fal has been seen at work on a job."""
        return bool(row.state == self.states.running)

    def note_running(self, row: Row, status: Running) -> bool:
        """Keep on a row what fal says of a running job; return whether that changes anything."""
        del row, status
        return False

    def kept(self, row: Row) -> None:
        """Go on with what `keep` has begun, now that it is committed."""
        del row
