"""Looking again for the result of a job that was given up; never a second submit."""

from db.paid_jobs import PaidJobColumns
from services.domain.vocabulary import FailureReason
from services.jobs.kind import States

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


def can_look_again(row: PaidJobColumns) -> bool:
    """Tell whether fal may have taken a failed job and have a result of it."""
    return (
        row.failure in WORTH_A_LOOK
        and row.submit_started_at is not None
        and (row.request_id is not None or row.failure is FailureReason.SUBMIT_UNKNOWN)
    )


def reopen(row: PaidJobColumns) -> None:
    """Forget that a failed row has ended; its state is set by the caller."""
    row.failure = row.failure_detail = None
    row.finished_at = row.announced_at = None
    row.cancel_requested_at = row.cancel_sent_at = None


def look_again(row: PaidJobColumns, states: States, deadline_s: float) -> bool:
    """Put a locked row back to where it was given up, for another ten minutes.

    Returns:
        Whether there is anything to look for.
    """
    if row.state != states.failed or not can_look_again(row):
        return False
    row.state = states.unconfirmed if row.request_id is None else states.queued
    reopen(row)
    row.elapsed_s = max(0.0, deadline_s - LOOK_AGAIN_S)
    return True
