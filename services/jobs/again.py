"""Looking again for the result of a job that was given up; never a second submit."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from db.database import Database, Transaction
from db.paid_jobs import PaidJobColumns
from services.domain.vocabulary import FailureReason
from services.errors import NotFound, StaleButton
from services.jobs.kind import Rows, States

logger = logging.getLogger(__name__)

LOOK_AGAIN_S = 600.0
"""How long a second look goes on."""

WORTH_A_LOOK = frozenset(
    {
        FailureReason.SUBMIT_UNKNOWN,
        FailureReason.RESULT_LOST,
        FailureReason.DEADLINE,
        FailureReason.TRAINER_FAILED,
        FailureReason.GENERATOR_FAILED,
    }
)
"""The failures after which fal may have a result all the same."""


class Ended(Protocol):
    """What is needed of a job that has ended: a row, or a value read from it."""

    @property
    def failure(self) -> FailureReason | None:
        """Why there is no result."""
        ...

    @property
    def submit_started_at(self) -> datetime | None:
        """When a request may have left."""
        ...

    @property
    def request_id(self) -> str | None:
        """The job's name at fal."""
        ...


def can_look_again(row: Ended) -> bool:
    """Return whether fal may have taken a failed job and have a result of it."""
    return (
        row.failure in WORTH_A_LOOK
        and row.submit_started_at is not None
        and (row.request_id is not None or row.failure is FailureReason.SUBMIT_UNKNOWN)
    )


class SecondLooks:
    """Use case of users and admins: ask fal again for a job that was given up.

    Args:
        database: Where jobs are kept.
        deadline_s: How long a job may take; a second look goes on for the last of it.
        kinds: By name, the repository of a kind, its states, and what has a job carried on.
    """

    def __init__(
        self, database: Database, deadline_s: float, kinds: Mapping[str, "LookedFor"]
    ) -> None:
        self._database = database
        self._deadline_s = deadline_s
        self._kinds = kinds

    async def begin(self, kind: str, job_id: str, user_id: int, *, is_admin: bool) -> None:
        """Begin a second look; nothing is submitted and nothing charged again.

        Args:
            kind: `training` or `generation`.
            job_id: The job.
            user_id: Who asks.
            is_admin: Whether they may ask for the jobs of others.

        Raises:
            NotFound: No such job of this user.
            StaleButton: It is looked for already, was found, or there is nothing to look for.
        """
        looked_for = self._kinds.get(kind)
        if looked_for is None:
            raise NotFound
        async with self._database.transaction() as tx:
            row = await looked_for.rows(tx).lock(job_id)
            if row is None or not (is_admin or row.user_id == user_id):
                raise NotFound
            if not look_again(row, looked_for.states, self._deadline_s):
                raise StaleButton
        logger.info("%s %s: looked for again, asked by %s", kind, job_id, user_id)
        looked_for.carry(job_id)


@dataclass(frozen=True)
class LookedFor:
    """What a second look needs to know of a kind."""

    rows: Callable[[Transaction], Rows[PaidJobColumns]]
    states: States
    carry: Callable[[str], None]


def look_again(row: PaidJobColumns, states: States, deadline_s: float) -> bool:
    """Put a locked row back to where it was given up, for another ten minutes.

    Returns:
        Whether there is anything to look for.
    """
    if row.state != states.failed or not can_look_again(row):
        return False
    row.state = states.unconfirmed if row.request_id is None else states.queued
    row.reopen()
    row.elapsed_s = max(0.0, deadline_s - LOOK_AGAIN_S)
    return True
