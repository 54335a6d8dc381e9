"""fal's side of a row."""

import logging
from collections.abc import Iterable, Sequence

from db.tables import Generation, Training
from services.errors import FalError
from services.fal.gateway import FalGateway, Job

logger = logging.getLogger(__name__)


def job_of(row: Training | Generation) -> Job:
    """Give the job of a training or a generation that fal has accepted."""
    return Job(
        request_id=row.request_id or "",
        status_url=row.status_url or "",
        response_url=row.response_url or "",
        cancel_url=row.cancel_url or "",
    )


async def stop_at_fal(fal: FalGateway, rows: Iterable[Training | Generation]) -> None:
    """Ask fal to stop the jobs of rows that were deleted here.

    A job that fal does not stop ends there unseen; nothing of it is kept here.
    """
    for row in rows:
        if row.request_id is not None:
            try:
                await fal.cancel(job_of(row))
            except FalError as error:
                logger.warning("request %s goes on at fal: %s", row.request_id, error)


def what_history_said(found: Sequence[str] | None) -> str:
    """Say why a lost submit could not be matched with one request in fal's history."""
    if found is None:
        return "the history cannot tell"
    return f"the history has {', '.join(found)}" if found else "the history does not have it"
