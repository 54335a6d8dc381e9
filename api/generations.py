"""Requests for pictures."""

from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from api.asking import Key, asking_of
from api.callers import Caller, Maker, Offered, Reader
from api.events import EVENTS, Seen, stream
from api.offered import ApiOffered
from api.pages import Cursor, Limit, Page
from api.pictures import PictureOut, picture_out
from api.problems import ORDERS, answers
from api.routes import CallersRoute
from api.words import RowId, Words
from services.domain.states import GenerationState
from services.domain.values import Generation
from services.domain.vocabulary import FailureReason, PictureShape, PictureSize
from services.errors import BadOptionValue
from services.generation.options import (
    LORA_SCALES,
    PICTURE_COUNTS,
    SEEDS,
)
from services.generation.service import Called
from services.generation.views import ListedGeneration
from texts.reader import Texts

router = APIRouter(route_class=CallersRoute, tags=["generations"])


class GenerateIn(BaseModel):
    """What to make; what is not named is as it was chosen in the chat."""

    model_config = ConfigDict(extra="forbid")

    prompt: Words = Field(
        max_length=4000, description="What to show, in any language, at most 900 characters."
    )
    model_id: RowId | None = Field(None, description="Without it, the active model.")
    second_model_id: RowId | None = Field(
        None,
        description="Who else is in the pictures, where the operator offers that; "
        "without it, there is one person.",
    )
    shape: PictureShape | None = None
    count: int | None = Field(None, ge=PICTURE_COUNTS[0], le=PICTURE_COUNTS[-1])
    size: PictureSize | None = None
    strength: float | None = Field(
        None,
        ge=LORA_SCALES[0],
        le=LORA_SCALES[-1],
        description="Of the model, in steps of 0.1; 1.0 is as trained.",
        json_schema_extra={"enum": [*LORA_SCALES, None]},
    )
    seed: int | None = Field(None, ge=SEEDS[0], le=SEEDS[-1])


class OrderedOut(BaseModel):
    """An order that was taken."""

    id: str
    status: Literal["accepted"] = "accepted"
    price_usd: Decimal | None = Field(description="What fal takes; null for who is no admin.")


class GenerationOut(BaseModel):
    """A request for pictures, and what has become of it."""

    id: str
    model_id: str | None = Field(
        description="Null where the model was deleted, or a photo alone was used."
    )
    second_model_id: str | None = Field(
        description="The model of a second person; null where there is none, or it was deleted."
    )
    status: GenerationState = Field(description="`made` and `failed` are ends.")
    queue_position: int | None
    prompt: str
    shape: PictureShape
    size: PictureSize
    count: int
    strength: float
    seed: int
    failure: FailureReason | None
    message: str | None = Field(description="Why it failed, in the caller's language.")
    pictures: list[PictureOut]
    created_at: datetime


def generation_out(listed: ListedGeneration, caller: Caller, api: ApiOffered) -> GenerationOut:
    """Return a generation as callers see it."""
    one = listed.generation
    return GenerationOut(
        id=one.id,
        model_id=listed.public_model_id,
        second_model_id=listed.public_second_id,
        status=one.state,
        queue_position=None if one.state.is_final else one.queue_position,
        prompt=one.prompt,
        shape=one.shape,
        size=one.size,
        count=one.picture_count,
        strength=one.lora_scale,
        seed=one.seed,
        failure=one.failure,
        message=_why_none(caller.texts, one),
        pictures=[
            picture_out(api, picture, one) for picture in listed.pictures if not picture.is_flagged
        ],
        created_at=one.created_at,
    )


def _why_none(texts: Texts, generation: Generation) -> str | None:
    if generation.has_lost_source:
        return texts.plain("edit-without-source")
    return None if generation.failure is None else failure_words(texts, generation.failure)


def failure_words(texts: Texts, failure: FailureReason) -> str:
    """Return why something failed."""
    return texts.plain(f"failure-{failure}")


@router.get(
    "/generations",
    summary="Your requests for pictures, newest first",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def generations(
    caller: Reader, api: Offered, limit: Limit = 20, cursor: Cursor = None
) -> Page[GenerationOut]:
    """Return requests for pictures."""
    found = await api.generation_views.below(caller.user.id, cursor, limit + 1)
    items = [generation_out(one, caller, api) for one in found[:limit]]
    return Page(items=items, next=items[-1].id if len(found) > limit else None)


@router.get(
    "/generations/{generation_id}",
    summary="One request for pictures",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def generation(generation_id: RowId, caller: Reader, api: Offered) -> GenerationOut:
    """Return what has become of a request."""
    listed = await api.generation_views.own(caller.user.id, generation_id)
    return generation_out(listed, caller, api)


@router.get(
    "/generations/{generation_id}/events",
    summary="One request for pictures, each time something has changed, until it ends",
    response_class=StreamingResponse,
    responses={**answers(HTTPStatus.NOT_FOUND), **EVENTS},
)
async def generation_events(
    generation_id: RowId, caller: Reader, api: Offered, request: Request
) -> StreamingResponse:
    """Return the events of a request."""

    async def look() -> Seen:
        listed = await api.generation_views.own(caller.user.id, generation_id)
        return Seen(generation_out(listed, caller, api), listed.generation.state.is_final)

    return await stream(request, caller.user.id, look, api.stopping)


@router.post(
    "/generate",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have pictures made",
    responses=answers(*ORDERS),
)
async def generate(
    asked: GenerateIn, key: Key, caller: Maker, api: Offered, response: Response
) -> OrderedOut:
    """Order pictures. They come to the chat as well."""
    if asked.strength is not None and asked.strength not in LORA_SCALES:
        allowed = ", ".join(map(str, LORA_SCALES))
        raise BadOptionValue(option="strength", value=str(asked.strength), allowed=allowed)
    named = {
        "shape": asked.shape,
        "count": asked.count,
        "lora_scale": asked.strength,
        "seed": asked.seed,
        "size": asked.size,
    }
    made = await api.generations.order(
        caller.user.id,
        caller.place,
        Called(asked.model_id, asked.second_model_id),
        asked.prompt,
        {name: value for name, value in named.items() if value is not None},
        asking_of(caller, key, asked),
    )
    response.headers["Location"] = f"/api/generations/{made.id}"
    return OrderedOut(id=made.id, price_usd=caller.usd(made.price_usd))
