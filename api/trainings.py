"""Trainings: started, looked at and stopped."""

from decimal import Decimal
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Key, asking_of
from api.callers import Caller, Offered, Reader, Trainer
from api.events import EVENTS, Seen, stream
from api.photos import PhotoId
from api.problems import ORDERS, answers
from api.routes import CallersRoute
from api.words import RowId, Words
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import FailureReason, QualityMode, Subject
from services.progress import progress_of
from services.training.drafts import TrainingWishes
from services.training.views import ListedTraining

router = APIRouter(route_class=CallersRoute, tags=["training"])


class TrainIn(BaseModel):
    """What to train. The trigger word is derived here, and never taken from outside."""

    model_config = ConfigDict(extra="forbid")

    model_name: Words = Field(max_length=1000, description="At most 40 characters.")
    gender: Subject
    mode: QualityMode = QualityMode.STANDARD
    trainer: Words | None = Field(
        None, max_length=40, description="One of those in /prices; without it, the first."
    )
    photo_ids: list[PhotoId] | None = Field(
        None,
        max_length=100,
        description=(
            "All accepted photos of the draft: named, so that no other is trained on. Without"
            " them, those that are accepted."
        ),
    )
    consent: Literal[True] = Field(
        description=(
            "That the person in the photos agrees to this training, and you to what /privacy in"
            " the chat says."
        )
    )


class StartedOut(BaseModel):
    """A training that was started."""

    model_id: str
    trigger_word: str
    status: Literal["accepted"] = "accepted"
    message: str = Field(description="For people.")
    price_usd: Decimal | None = Field(description="What fal takes; null for who is no admin.")


class TrainingOut(BaseModel):
    """A training, and how far it is."""

    model_id: str
    model_name: str
    trigger_word: str
    status: TrainingState = Field(description="`completed`, `failed` and `cancelled` are ends.")
    progress: int = Field(description="How much of the training is done, 0 to 100.")
    queue_position: int | None = Field(description="How many others are made first.")
    seconds_left: int | None = Field(description="Null until it can be told.")
    is_stopping: bool
    failure: FailureReason | None
    message: str | None = Field(description="Why it failed, for people.")
    model_url: str | None = Field(description="The LoRA weights, once they are there.")


def training_out(listed: ListedTraining, caller: Caller) -> TrainingOut:
    """Return a training as callers see it."""
    training, model = listed.training, listed.model
    # Its photos are not told here.
    progress = progress_of(training, (), now())
    is_end = training.state.is_final
    failure = training.failure
    return TrainingOut(
        model_id=training.id,
        model_name=model.name if model else training.name,
        trigger_word=training.trigger_word,
        status=training.state,
        progress=100 if training.state is TrainingState.COMPLETED else progress.percent,
        queue_position=progress.ahead if training.state is TrainingState.QUEUED else None,
        seconds_left=None if is_end else progress.left_s,
        is_stopping=progress.is_stopping,
        failure=failure,
        message=None if failure is None else caller.texts.plain(f"failure-{failure}"),
        model_url=training.lora_url,
    )


@router.post(
    "/train",
    status_code=HTTPStatus.ACCEPTED,
    summary="Train a model on the photos of the draft",
    responses=answers(*ORDERS),
)
async def train(
    asked: TrainIn, key: Key, caller: Trainer, api: Offered, response: Response
) -> StartedOut:
    """Start a training. The chat shows its progress as well."""
    wishes = TrainingWishes(
        name=asked.model_name,
        subject=asked.gender,
        mode=asked.mode,
        trainer=asked.trainer,
        photo_ids=asked.photo_ids,
    )
    started = await api.drafts.order(caller.user.id, wishes, asking_of(caller, key, asked))
    response.headers["Location"] = f"/api/train/status/{started.id}"
    return StartedOut(
        model_id=started.id,
        trigger_word=started.trigger_word,
        message=caller.texts.plain("api-training-started"),
        price_usd=caller.usd(started.price_usd),
    )


@router.get(
    "/train/status/{model_id}",
    summary="How far a training is",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def training(model_id: RowId, caller: Reader, api: Offered) -> TrainingOut:
    """Return how far a training is."""
    return training_out(await api.training_views.own(caller.user.id, model_id), caller)


@router.get(
    "/train/status/{model_id}/events",
    summary="How far a training is, each time something has changed, until it ends",
    response_class=StreamingResponse,
    responses={**answers(HTTPStatus.NOT_FOUND), **EVENTS},
)
async def training_events(
    model_id: RowId, caller: Reader, api: Offered, request: Request
) -> StreamingResponse:
    """Return the events of a training."""

    async def look() -> Seen:
        listed = await api.training_views.own(caller.user.id, model_id)
        return Seen(training_out(listed, caller), listed.training.state.is_final)

    return await stream(request, caller.user.id, look, api.stopping)


@router.post(
    "/train/cancel/{model_id}",
    status_code=HTTPStatus.ACCEPTED,
    summary="Stop a training",
    responses=answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def cancel(model_id: RowId, caller: Trainer, api: Offered) -> TrainingOut:
    """Ask a training to stop. What fal has done already may cost its price all the same."""
    await api.trainings.cancel(caller.user.id, model_id)
    return training_out(await api.training_views.own(caller.user.id, model_id), caller)
