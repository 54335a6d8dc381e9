"""Pictures that were made."""

import mimetypes
from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.callers import Caller, Maker, Offered, Reader
from api.pages import Cursor, Limit, Page
from api.problems import Refused, answers
from api.routes import CallersRoute
from api.words import RowId
from services.domain.values import Generation, Picture
from services.errors import NotFound
from services.pictures.gallery import View

router = APIRouter(route_class=CallersRoute, tags=["pictures"])


class PictureOut(BaseModel):
    """A picture."""

    id: str
    generation_id: str
    prompt: str
    seed: int
    width: int | None
    height: int | None
    is_favourite: bool
    file_url: str = Field(description="Where the file is, for whoever may see the picture.")
    created_at: datetime


def picture_out(picture: Picture, generation: Generation) -> PictureOut:
    """Return a picture as callers see it."""
    return PictureOut(
        id=picture.id,
        generation_id=generation.id,
        prompt=generation.prompt,
        seed=generation.seed,
        width=picture.width,
        height=picture.height,
        is_favourite=picture.is_favourite,
        file_url=f"/api/pictures/{picture.id}/file",
        created_at=picture.created_at,
    )


@router.get(
    "/pictures", summary="Your pictures, newest first", responses=answers(HTTPStatus.NOT_FOUND)
)
async def pictures(
    caller: Reader,
    api: Offered,
    limit: Limit = 20,
    cursor: Cursor = None,
    model_id: Annotated[RowId | None, Query(description="Of this model only.")] = None,
    favourites: Annotated[bool, Query(description="Favourites only.")] = False,  # noqa: FBT002
) -> Page[PictureOut]:
    """Return the pictures that were sent to the chat."""
    view = await _view(api, caller, cursor, model_id, is_favourite=favourites)
    found = await api.gallery.below(caller.user.id, view, limit + 1)
    items = [picture_out(one.picture, one.generation) for one in found[:limit]]
    if len(found) <= limit:
        return Page(items=items, next=None)
    last = found[limit - 1].picture
    return Page(items=items, next=f"{last.generation_id}.{last.position}")


async def _view(
    api: Offered, caller: Caller, cursor: str | None, model_id: str | None, *, is_favourite: bool
) -> View:
    if model_id is not None:
        model_id = (await api.models.of_training(caller.user.id, model_id)).id
    generation_id, _, position = (cursor or "").partition(".")
    if cursor and not (position.isdecimal() and generation_id):
        raise NotFound
    return View(
        generation_id=generation_id or None,
        position=int(position or 1),
        model_id=model_id,
        only_favourites=is_favourite,
    )


@router.get(
    "/pictures/{picture_id}/file",
    summary="The file of a picture, as it was made",
    response_class=Response,
    responses={
        **answers(HTTPStatus.NOT_FOUND),
        200: {
            "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}},
            "description": "The file.",
        },
    },
)
async def picture_file(picture_id: RowId, caller: Reader, api: Offered) -> Response:
    """Return the bytes of a picture, with the operator's mark."""
    picture = await api.pictures.own(caller.user.id, picture_id)
    original = await api.pictures.original(picture)
    if original.data is None:
        if original.is_gone:
            raise NotFound
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "not-available", retry_after_s=30)
    kind, _ = mimetypes.guess_type(original.name)
    return Response(
        original.data,
        media_type=kind or "application/octet-stream",
        headers={
            "Cache-Control": "private, max-age=3600",
            "Content-Disposition": f'inline; filename="{original.name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@router.delete(
    "/pictures/{picture_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Delete a picture",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def delete_picture(picture_id: RowId, caller: Maker, api: Offered) -> None:
    """Forget a picture here, as the gallery does."""
    await api.pictures.delete(caller.user.id, picture_id)
