"""What an enlargement adds to a paid job: a larger picture, sent as a file."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from db.database import Transaction
from db.enlargements import Enlargements
from db.tables import Enlargement
from services.announcer import Announcer
from services.domain.states import EnlargementState
from services.domain.values import Picture
from services.domain.vocabulary import FailureReason
from services.errors import FalError, FalRejected
from services.fal.gateway import EnlargementOrder, Job, MadeImages
from services.generation.carrying import LONGEST_POLL_S, generation_failure
from services.jobs.endings import Endings
from services.jobs.kind import Ending, JobContext, Kind, States
from services.jobs.lanes import Lane

logger = logging.getLogger(__name__)

ENLARGEMENT_STATES = States(
    ready=EnlargementState.ACCEPTED,
    submitting=EnlargementState.SUBMITTING,
    unconfirmed=EnlargementState.UNCONFIRMED,
    queued=EnlargementState.QUEUED,
    running=EnlargementState.RUNNING,
    done=EnlargementState.MADE,
    failed=EnlargementState.FAILED,
)


def enlargement_failure(error: FalError) -> FailureReason:
    """Say in our words why fal made no larger picture."""
    reason = generation_failure(error)
    if isinstance(error, FalRejected) and reason is not FailureReason.UNSAFE_PICTURE:
        # There is no prompt that could be worded differently.
        return FailureReason.GENERATOR_FAILED
    return reason


class EnlargementKind(Kind[Enlargement, MadeImages]):
    """Enlargements.

    Args:
        context: What all paid jobs are built on.
        announcer: Tells the user.
        picture_address: Returns where fal fetches a picture; None for fal's own address.
    """

    name = "enlargement"
    states = ENLARGEMENT_STATES
    # From then on Full size sends it.
    is_delivered_with_result = True

    def __init__(
        self,
        context: JobContext,
        announcer: Announcer,
        picture_address: Callable[[Picture], Awaitable[str]] | None = None,
    ) -> None:
        self._database = context.database
        self._fal = context.fal
        self._lanes = context.lanes
        self._announcer = announcer
        self._picture_address = picture_address
        self.poll_s = min(context.rules.poll_interval_s, LONGEST_POLL_S)

    def rows(self, tx: Transaction) -> Enlargements:
        """See `Kind.rows`."""
        return tx.enlargements

    def lane(self, row: Enlargement) -> Lane:
        """See `Kind.lane`."""
        del row
        return self._lanes.delivering

    async def request(self, row: Enlargement) -> Callable[[], Awaitable[Job]]:
        """See `Kind.request`; the address is kept, as the submit is known by it."""
        async with self._database.transaction() as tx:
            picture = await tx.pictures.get(row.picture_id)
        if picture is None:
            msg = f"the picture of enlargement {row.id} was deleted meanwhile"
            raise LookupError(msg)
        find = self._picture_address
        url = await find(picture) if find else picture.url
        async with self._database.transaction() as tx:
            await tx.enlargements.note_source(row.id, url)
        return partial(self._fal.submit_enlargement, row.enlarger, EnlargementOrder(url))

    async def marks(self, row: Enlargement) -> tuple[str, Sequence[str]]:
        """See `Kind.marks`."""
        return row.enlarger, [row.source_url or row.id]

    async def result(self, job: Job) -> MadeImages:
        """See `Kind.result`."""
        return await self._fal.made_images(job)

    async def keep(self, tx: Transaction, row: Enlargement, result: MadeImages) -> Ending | None:
        """Keep the larger picture, unless it is held back."""
        del tx
        image = result.images[0]
        if image.is_flagged:
            return Ending(FailureReason.UNSAFE_PICTURE, "flagged")
        row.url, row.width, row.height = image.url, image.width, image.height
        return None

    async def outcome(self, tx: Transaction, row: Enlargement) -> Mapping[str, Any]:
        """See `Kind.outcome`."""
        del tx
        return {
            "id": row.id,
            "picture_id": row.picture_id,
            "status": row.state,
            "failure": row.failure,
        }

    def failure(self, error: FalError) -> FailureReason:
        """See `Kind.failure`."""
        return enlargement_failure(error)

    def changed(self, row_id: str) -> None:
        """Show nothing: it takes seconds, and the press was answered."""

    async def tell_doubt(self, row_id: str) -> None:
        """See `Kind.tell_doubt`."""
        await self._announcer.enlargement_in_doubt(row_id)

    async def step(
        self, row: Enlargement, endings: Endings[Enlargement, MadeImages]
    ) -> float | None:
        """Deliver the larger picture or the reason, once."""
        del endings
        if row.announced_at is None:
            await self._announcer.enlargement_ended(row.id)
            async with self._database.transaction() as tx:
                await tx.enlargements.note_told(row.id)
            logger.info("enlargement %s: user %s is told", row.id, row.user_id)
        return None
