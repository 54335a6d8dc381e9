"""A copy of all that is the caller's, sent into their chat."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import Offered, Reader, Trainer
from api.problems import answers
from api.routes import CallersRoute
from api.words import RowId
from services.domain.exports import Export, ExportState

router = APIRouter(route_class=CallersRoute, tags=["me"])


class ExportOut(BaseModel):
    """How a copy stands."""

    id: str
    state: ExportState
    files: int = Field(description="How many files there are, besides the tables.")
    gathered: int = Field(description="How many of them have been seen to.")
    parts_sent: int = Field(description="How many zips are in the chat.")
    created_at: datetime
    ended_at: datetime | None


@router.post(
    "/export",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have a copy of all your data sent into your chat, once a day",
    responses=answers(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
async def begin_export(caller: Trainer, api: Offered) -> ExportOut:
    """Begin a copy, as /export in the chat does."""
    return export_out(await api.exports.start(caller.user.id, caller.place))


@router.get(
    "/export/{export_id}",
    summary="How a copy stands",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def export(export_id: RowId, caller: Reader, api: Offered) -> ExportOut:
    """Return how a copy stands."""
    return export_out(await api.exports.own(caller.user.id, export_id))


def export_out(export: Export) -> ExportOut:
    """Return a copy as callers see it."""
    return ExportOut(
        id=export.id,
        state=export.state,
        files=export.items,
        gathered=export.gathered,
        parts_sent=export.parts,
        created_at=export.created_at,
        ended_at=export.ended_at,
    )
