"""fal's side of a row."""

from collections.abc import Sequence

from db.tables import Generation, Training
from services.fal.gateway import Job


def job_of(row: Training | Generation) -> Job:
    """Give the job of a training or a generation that fal has accepted."""
    return Job(
        request_id=row.request_id or "",
        status_url=row.status_url or "",
        response_url=row.response_url or "",
        cancel_url=row.cancel_url or "",
    )


def what_history_said(found: Sequence[str] | None) -> str:
    """Say why a lost submit could not be matched with one request in fal's history."""
    if found is None:
        return "the history cannot tell"
    return f"the history has {', '.join(found)}" if found else "the history does not have it"
