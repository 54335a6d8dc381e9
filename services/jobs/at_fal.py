"""fal's side of a row."""

import logging

from db.paid_jobs import PaidJobColumns
from services.errors import FalUnavailable
from services.fal.gateway import CancelOutcome, FalGateway, Job

logger = logging.getLogger(__name__)


def job_of(row: PaidJobColumns) -> Job:
    """Return the job of a row that fal has accepted."""
    return Job(
        request_id=row.request_id or "",
        status_url=row.status_url or "",
        response_url=row.response_url or "",
        cancel_url=row.cancel_url or "",
    )


async def ask_to_cancel(fal: FalGateway, job: Job) -> CancelOutcome | None:
    """Ask fal to stop a job; None when it does not answer well, which stops nothing else."""
    try:
        outcome = await fal.cancel(job)
    except FalUnavailable as error:
        logger.warning(
            "request %s: fal does not take the cancel: %s", job.request_id, type(error).__name__
        )
        return None
    logger.info("request %s: fal says %s to the cancel", job.request_id, outcome)
    return outcome
