"""Finished models."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.callers import Offered, Reader, Trainer
from api.pages import Cursor, Limit, Page
from api.problems import answers
from api.routes import CallersRoute
from api.words import RowId
from services.domain.loans import Borrowed
from services.domain.values import Model
from services.domain.vocabulary import Subject
from services.errors import NotFound

router = APIRouter(route_class=CallersRoute, tags=["models"])


class ModelOut(BaseModel):
    """A finished model."""

    model_id: str = Field(
        description="The id of its training, which is known from its start, or of its loan."
    )
    model_name: str
    trigger_word: str
    gender: Subject
    is_active: bool = Field(description="Whether it is used where a request names no model.")
    model_url: str | None = Field(
        description="The LoRA weights. Whoever has the address can open it. Null if borrowed."
    )
    is_borrowed: bool = Field(default=False, description="Whether it is lent to you.")
    pictures_left: int | None = Field(None, description="Of a loan of so many pictures.")
    borrowed_until: datetime | None = Field(None, description="When a loan for a time ends.")
    created_at: datetime


@router.get(
    "/models",
    summary="Your models, newest first, then those that are lent to you",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def models(
    caller: Reader, api: Offered, limit: Limit = 20, cursor: Cursor = None
) -> Page[ModelOut]:
    """Return finished models."""
    every = await api.models.all_of(caller.user.id)
    # There are few, so they are read whole.
    lent = await api.models.borrowed(caller.user.id)
    found = [*map(model_out, every), *map(borrowed_out, lent)]
    ids = [one.model_id for one in found]
    if cursor is not None and cursor not in ids:
        raise NotFound
    start = 0 if cursor is None else ids.index(cursor) + 1
    items = found[start : start + limit]
    is_last = start + limit >= len(found)
    return Page(items=items, next=None if is_last else items[-1].model_id)


@router.delete(
    "/models/{model_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Delete a model with its training, photos and pictures",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def delete_model(model_id: RowId, caller: Trainer, api: Offered) -> None:
    """Delete a model, as its button in the chat does."""
    model = await api.models.of_training(caller.user.id, model_id)
    await api.models.delete(caller.user.id, model.id, caller.place)


def borrowed_out(one: Borrowed) -> ModelOut:
    """Return a borrowed model as its borrower sees it: its file is its owner's."""
    return ModelOut(
        model_id=one.loan.id,
        model_name=one.model.name,
        trigger_word=one.model.trigger_word,
        gender=one.model.subject,
        is_active=one.loan.active,
        model_url=None,
        is_borrowed=True,
        pictures_left=one.left,
        borrowed_until=one.loan.ends_at,
        created_at=one.loan.created_at,
    )


def model_out(model: Model) -> ModelOut:
    """Return a model as callers see it."""
    return ModelOut(
        model_id=model.training_id,
        model_name=model.name,
        trigger_word=model.trigger_word,
        gender=model.subject,
        is_active=model.active,
        model_url=model.lora_url,
        created_at=model.created_at,
    )
