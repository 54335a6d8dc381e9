"""A page stays open for longer than what it was opened with is believed."""

import time
from datetime import UTC, datetime
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import Offered, Reader
from api.problems import Refused, answers
from api.routes import CallersRoute

router = APIRouter(route_class=CallersRoute, tags=["me"])


class SessionOut(BaseModel):
    """What a page calls with."""

    token: str = Field(description="Send it as `Authorization: Bearer …`.")
    expires_at: datetime = Field(description="Ask for another one before.")


@router.post(
    "/session",
    summary="Exchange initData, or a session, for a session of an hour",
    responses=answers(),
)
async def session(caller: Reader, api: Offered) -> SessionOut:
    """For the Mini App only, until 24 hours after it was opened; then it is opened again."""
    made = None
    if caller.opened_at is not None:
        made = api.signatures.token_of(caller.user.id, caller.opened_at, time.time())
    if made is None:
        raise Refused(HTTPStatus.FORBIDDEN, "no-access")
    token, known = made
    return SessionOut(token=token, expires_at=datetime.fromtimestamp(known.ends_at, UTC))
