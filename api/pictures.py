"""Pictures that were made."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from api.asking import Key, asking_of
from api.callers import Caller, Maker, Offered, Reader
from api.files import file_answer, image
from api.offered import ApiOffered
from api.pages import Cursor, Limit, Page
from api.problems import ORDERS, Refused, answers
from api.routes import CallersRoute
from api.words import RowId
from services.domain.values import Generation, Picture
from services.errors import DeliveryFailed, NotFound, UserUnreachable
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
    file_url: str = Field(description="Where the file is; opens for one to two hours.")
    thumbnail_url: str
    created_at: datetime


def picture_out(api: ApiOffered, picture: Picture, generation: Generation) -> PictureOut:
    """Return a picture as callers see it."""
    return PictureOut(
        id=picture.id,
        generation_id=generation.id,
        prompt=generation.prompt,
        seed=generation.seed,
        width=picture.width,
        height=picture.height,
        is_favourite=picture.is_favourite,
        file_url=api.address(f"/pictures/{picture.id}/file", generation.user_id),
        thumbnail_url=api.address(f"/pictures/{picture.id}/thumbnail", generation.user_id),
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
    items = [picture_out(api, one.picture, one.generation) for one in found[:limit]]
    if len(found) <= limit:
        return Page(items=items, next=None)
    last = found[limit - 1].picture
    return Page(items=items, next=f"{last.generation_id}.{last.position}")


async def _view(
    api: Offered, caller: Caller, cursor: str | None, model_id: str | None, *, is_favourite: bool
) -> View:
    if model_id is not None:
        model_id = (await api.models.called(caller.user.id, model_id)).id
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
        **image("image/*"),
    },
)
async def picture_file(
    picture_id: RowId,
    caller: Reader,
    api: Offered,
    download: Annotated[bool, Query(description="To be saved, not shown.")] = False,  # noqa: FBT002
) -> Response:
    """Return the bytes of a picture, with the operator's mark."""
    picture = await api.pictures.own(caller.user.id, picture_id)
    original = await api.pictures.original(picture)
    if original.data is None:
        if original.is_gone:
            raise NotFound
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "not-available", retry_after_s=30)
    return file_answer(original.data, original.name, is_saved=download)


@router.get(
    "/pictures/{picture_id}/thumbnail",
    summary="A picture, small",
    response_class=Response,
    responses={**answers(HTTPStatus.NOT_FOUND), **image("image/jpeg")},
)
async def picture_thumbnail(picture_id: RowId, caller: Reader, api: Offered) -> Response:
    """Made at each call, of at most 240 pixels: browsers keep it."""
    data = await api.thumbnails.of(await api.pictures.own(caller.user.id, picture_id))
    if data is None:
        raise NotFound
    return file_answer(data, f"{picture_id}.jpg")


@router.put(
    "/pictures/{picture_id}/favourite",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Make a picture a favourite",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def favour(picture_id: RowId, caller: Maker, api: Offered) -> None:
    """Mark a picture; once more changes nothing."""
    await api.pictures.set_favourite(caller.user.id, picture_id, is_favourite=True)


@router.delete(
    "/pictures/{picture_id}/favourite",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Take a picture out of the favourites",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def unfavour(picture_id: RowId, caller: Maker, api: Offered) -> None:
    """Take the mark away; once more changes nothing."""
    await api.pictures.set_favourite(caller.user.id, picture_id, is_favourite=False)


class EnlargeAsked(BaseModel):
    """What is to be larger, by which a request that comes again is known."""

    picture_id: str


class EnlargedOut(BaseModel):
    """A larger version that was ordered; it comes to the chat as a file."""

    id: str
    message: str = Field(description="For people.")


@router.post(
    "/pictures/{picture_id}/enlarge",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have a picture made larger",
    responses=answers(*ORDERS),
)
async def enlarge(picture_id: RowId, key: Key, caller: Maker, api: Offered) -> EnlargedOut:
    """Order a larger version; of one that was ordered, the file comes once more."""
    asking = asking_of(caller, key, EnlargeAsked(picture_id=picture_id))
    made = await api.enlarging.order(caller.user.id, caller.place, picture_id, asking)
    return EnlargedOut(id=made.id, message=caller.texts.plain("api-enlarging-started"))


class SharedOut(BaseModel):
    """A message that Telegram keeps for its user, to be sent into a chat."""

    id: str = Field(description="For `Telegram.WebApp.shareMessage`.")
    expires_at: datetime


@router.post(
    "/pictures/{picture_id}/share",
    summary="Prepare a picture to be sent into a chat, by the Mini App",
    responses=answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def share(picture_id: RowId, caller: Maker, api: Offered) -> SharedOut:
    """Have Telegram keep a message that only its user can send; once more makes another."""
    picture = await api.pictures.own(caller.user.id, picture_id)
    try:
        made = await api.sharer.prepare(caller.user.id, picture)
    except UserUnreachable:
        raise Refused(HTTPStatus.CONFLICT, "chat-closed") from None
    except DeliveryFailed as error:
        wait_s = int(error.retry_after_s or 5)
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "not-available", wait_s) from None
    return SharedOut(id=made.id, expires_at=made.expires_at)


@router.delete(
    "/pictures/{picture_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Delete a picture",
    responses=answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def delete_picture(picture_id: RowId, caller: Maker, api: Offered) -> None:
    """Forget a picture here, once it has come to the chat."""
    await api.pictures.delete(caller.user.id, picture_id)
