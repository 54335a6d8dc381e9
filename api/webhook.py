"""Where messages for a program of the caller's own go."""

from datetime import datetime
from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Offered, Reader, Trainer
from api.problems import BODIES, answers
from api.routes import CallersRoute
from api.words import Words
from services.domain.states import EnlargementState, GenerationState, TrainingState
from services.domain.vocabulary import FailureReason
from services.domain.webhooks import WebhookEvent
from services.webhooks.address import MAX_LENGTH
from services.webhooks.post import Trouble
from services.webhooks.service import WebhookView

router = APIRouter(route_class=CallersRoute, tags=["webhook"])
events = APIRouter()


class WebhookIn(BaseModel):
    """Where to send messages."""

    model_config = ConfigDict(extra="forbid")

    url: Words = Field(
        max_length=MAX_LENGTH,
        description="An https address by name, at port 443 or 8443.",
    )
    renew_secret: bool = Field(
        default=False, description="Makes another secret; for a day, the old one signs as well."
    )


class WebhookOut(BaseModel):
    """Where messages go."""

    url: str
    since: datetime
    delivered_at: datetime | None = Field(description="When it last took a message.")
    waiting: int = Field(description="How many messages are on their way.")
    events: list[WebhookEvent] = Field(description="What is told.")


class WebhookSetOut(WebhookOut):
    """Where messages go, with a secret that is new."""

    secret: str | None = Field(description="Shown this once; null where it is the same as before.")


class TriedOut(BaseModel):
    """What came of a message that was sent to try the address."""

    is_delivered: bool
    status: int | None = Field(description="Of the answer.")
    trouble: Trouble | None = Field(description="Why there was no answer.")


def _fields(view: WebhookView) -> dict[str, Any]:
    return {
        "url": view.webhook.url,
        "since": view.webhook.changed_at,
        "delivered_at": view.webhook.delivered_at,
        "waiting": view.waiting,
        "events": list(WebhookEvent),
    }


@router.get("/webhook", summary="Where messages go", responses=answers(HTTPStatus.NOT_FOUND))
async def webhook(caller: Reader, api: Offered) -> WebhookOut:
    """Return the address."""
    return WebhookOut(**_fields(await api.webhooks.of(caller.user.id)))


@router.put("/webhook", summary="Have messages sent to an address", responses=answers(*BODIES))
async def put_webhook(
    asked: WebhookIn, caller: Trainer, api: Offered, request: Request
) -> WebhookSetOut:
    """Have each end of a job told to an address. The chat tells that it was set."""
    request.app.state.limits.tries.take(caller.user.id)
    view, secret = await api.webhooks.put(
        caller.user.id, asked.url, renews_secret=asked.renew_secret
    )
    return WebhookSetOut(**_fields(view), secret=secret)


@router.delete(
    "/webhook",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Have no messages sent any more",
    responses=answers(),
)
async def delete_webhook(caller: Trainer, api: Offered) -> None:
    """Forget the address, with the messages that are on their way."""
    await api.webhooks.remove(caller.user.id)


@router.post("/webhook/test", summary="Try the address", responses=answers(HTTPStatus.NOT_FOUND))
async def try_webhook(caller: Trainer, api: Offered, request: Request) -> TriedOut:
    """Send a message of type `webhook.test`, once, and wait for what comes of it."""
    request.app.state.limits.tries.take(caller.user.id)
    came = await api.webhooks.test(caller.user.id)
    return TriedOut(is_delivered=came.is_delivered, status=came.status, trouble=came.trouble)


class TrainingTold(BaseModel):
    """A training that has ended; more is at GET /train/status/{model_id}."""

    model_id: str
    status: TrainingState
    failure: FailureReason | None


class PictureTold(BaseModel):
    """A picture that was made; its file is at GET /pictures/{id}/file."""

    id: str


class GenerationTold(BaseModel):
    """A request for pictures that has ended; more is at GET /generations/{id}."""

    id: str
    model_id: str | None
    second_model_id: str | None = None
    status: GenerationState
    failure: FailureReason | None
    pictures: list[PictureTold]


class EnlargementTold(BaseModel):
    """An enlargement that has ended; the file is at GET /pictures/{picture_id}/file."""

    id: str
    picture_id: str
    status: EnlargementState
    failure: FailureReason | None


class Told(BaseModel):
    """What a program is sent, with the headers of Standard Webhooks."""

    type: WebhookEvent | Literal["webhook.test"]
    timestamp: datetime = Field(description="When it happened.")
    data: TrainingTold | GenerationTold | EnlargementTold | dict[str, Any]


@events.post(
    "job.ended",
    summary="What your program is sent when a job has ended",
    responses={410: {"description": "Nothing more is to be sent, ever."}},
)
def job_ended(told: Told) -> None:
    """Answer with any 2xx within 15 seconds; otherwise it is sent again."""
    del told
