"""Changes to pictures: by words, or one of those that are ready."""

from decimal import Decimal
from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.asking import Key, asking_of
from api.callers import Maker, Offered, Reader
from api.generations import OrderedOut
from api.problems import ORDERS, answers
from api.routes import CallersRoute
from api.words import RowId, Words
from services.editing.changes import groups
from services.editing.service import Wanted
from services.errors import NotFound

router = APIRouter(route_class=CallersRoute, tags=["pictures"])


class ChangeOut(BaseModel):
    """A ready change."""

    id: str
    name: str = Field(description="In your language.")


class GroupOut(BaseModel):
    """Ready changes of one kind."""

    id: str
    name: str
    changes: list[ChangeOut]


class ChangesOut(BaseModel):
    """What can be changed in a picture, and what one change costs."""

    groups: list[GroupOut]
    price_usd: Decimal | None = Field(description="What fal takes; null for who is no admin.")
    price_stars: int | None = Field(description="What you pay; null where nothing is paid.")


@router.get(
    "/pictures/{picture_id}/changes",
    summary="What can be changed in a picture",
    responses=answers(HTTPStatus.NOT_FOUND),
)
async def changes(picture_id: RowId, caller: Reader, api: Offered) -> ChangesOut:
    """Return the ready changes; 404 as well where the operator offers none."""
    if not api.editing.is_offered:
        raise NotFound
    offer = await api.editing.offer(caller.user.id, picture_id)
    language = caller.user.language
    return ChangesOut(
        groups=[
            GroupOut(
                id=group.id,
                name=group.name.of(language),
                changes=[
                    ChangeOut(id=one.id, name=one.name.of(language)) for one in group.changes
                ],
            )
            for group in groups()
        ],
        price_usd=caller.usd(offer.price_usd),
        price_stars=offer.stars or None,
    )


class ChangeIn(BaseModel):
    """What to change: either words, or the id of a ready change."""

    model_config = ConfigDict(extra="forbid")

    words: Words | None = Field(
        None, max_length=4000, description="In any language, at most 900 characters."
    )
    change: str | None = Field(None, max_length=100)

    @model_validator(mode="after")
    def _one(self) -> "ChangeIn":
        if (self.words is None) == (self.change is None):
            msg = "name either words or change"
            raise ValueError(msg)
        return self


class ChangeAsked(BaseModel):
    """What is asked for, by which a request that comes again is known."""

    picture_id: str
    words: str | None
    change: str | None


@router.post(
    "/pictures/{picture_id}/change",
    status_code=HTTPStatus.ACCEPTED,
    summary="Have a picture changed",
    responses=answers(*ORDERS),
)
async def change(  # each comes from another part of the request
    picture_id: RowId, asked: ChangeIn, key: Key, caller: Maker, api: Offered, response: Response
) -> OrderedOut:
    """Order a changed picture, a generation like any other; the one that there is stays."""
    if not api.editing.is_offered:
        raise NotFound
    wanted = ChangeAsked(picture_id=picture_id, words=asked.words, change=asked.change)
    made = await api.editing.order(
        caller.user.id,
        caller.place,
        picture_id,
        Wanted(asked.words, asked.change or ""),
        asking_of(caller, key, wanted),
    )
    response.headers["Location"] = f"/api/generations/{made.id}"
    return OrderedOut(id=made.id, price_usd=caller.usd(made.price_usd))
