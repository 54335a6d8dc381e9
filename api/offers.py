"""What can be ordered: presets, and prices."""

from decimal import Decimal
from http import HTTPStatus

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.callers import Caller, Offered, Reader
from api.files import file_answer, image
from api.offered import ApiOffered
from api.problems import answers
from api.routes import CallersRoute
from api.words import CategoryId
from services.domain.vocabulary import PictureShape, QualityMode
from services.errors import NotFound

router = APIRouter(route_class=CallersRoute, tags=["offers"])


class PresetOut(BaseModel):
    """A ready-made idea for a picture."""

    id: str
    category: str
    name: str
    description: str
    prompt: str = Field(description="In English; ask for it as it is, or change it.")
    shape: PictureShape
    picture_url: str | None = Field(description="A picture of its category.")


class PresetsOut(BaseModel):
    """All presets."""

    items: list[PresetOut]


class ModeOut(BaseModel):
    """How long a model is trained."""

    mode: QualityMode
    steps: int
    price_usd: Decimal | None = Field(description="What fal takes; null for who is no admin.")
    price_stars: int | None = Field(description="What you pay; null where nothing is paid.")
    usual_minutes: tuple[int, int] | None


class TrainerOut(BaseModel):
    """What trains models."""

    trainer: str
    modes: list[ModeOut]
    picture_price_usd: Decimal | None = Field(
        description="Of one picture with such a model, upright and of the standard size."
    )
    picture_price_stars: int | None


class PricesOut(BaseModel):
    """What can be trained, and what it and its pictures cost."""

    trainers: list[TrainerOut]
    has_changes: bool = Field(description="Whether pictures can be changed.")


@router.get("/presets", summary="Ready-made ideas for pictures", responses=answers())
async def presets(caller: Reader, api: Offered) -> PresetsOut:
    """Return all presets, in the caller's language."""
    language = caller.user.language
    found = [
        PresetOut(
            id=preset.id,
            category=category.name.of(language),
            name=preset.name.of(language),
            description=preset.description.of(language),
            prompt=prompt,
            shape=preset.shape,
            picture_url=api.address(f"/presets/{category.id}/picture", caller.user.id)
            if category.picture
            else None,
        )
        for category, preset, prompt in await api.presets.all_for(caller.user.id)
    ]
    return PresetsOut(items=found)


@router.get(
    "/presets/{category_id}/picture",
    summary="The picture of a category of presets",
    response_class=Response,
    responses={**answers(HTTPStatus.NOT_FOUND), **image("image/*")},
)
async def preset_picture(category_id: CategoryId, caller: Reader, api: Offered) -> Response:
    """Return the picture above the presets of a category."""
    del caller
    picture = api.presets.shelf(category_id).picture
    if picture is None:
        raise NotFound
    return file_answer(picture.data, picture.name)


@router.get("/prices", summary="What can be trained, and what it costs", responses=answers())
async def prices(caller: Reader, api: Offered) -> PricesOut:
    """Return the trainers on offer with their prices."""
    return prices_out(caller, api)


def prices_out(caller: Caller, api: ApiOffered) -> PricesOut:
    """Return prices as callers see them."""
    trainers = [
        TrainerOut(
            trainer=offer.nickname,
            modes=[
                ModeOut(
                    mode=mode.mode,
                    steps=mode.steps,
                    price_usd=caller.usd(mode.usd),
                    price_stars=mode.stars or None,
                    usual_minutes=mode.usual_minutes,
                )
                for mode in offer.modes
            ],
            picture_price_usd=caller.usd(offer.picture_usd),
            picture_price_stars=offer.picture_stars or None,
        )
        for offer in api.train_offers.all()
    ]
    return PricesOut(trainers=trainers, has_changes=api.editing.is_offered)
