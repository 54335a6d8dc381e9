"""The choices for the next pictures, which the chat's panel shows as well."""

from decimal import Decimal
from http import HTTPStatus

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Caller, Maker, Offered, Reader
from api.problems import BODIES, answers
from api.routes import CallersRoute
from services.domain.vocabulary import PictureOption, PictureShape, PictureSize
from services.generation.options import LORA_SCALES, PICTURE_COUNTS
from services.generation.panel import Panel

router = APIRouter(route_class=CallersRoute, tags=["generations"])


class PanelIn(BaseModel):
    """What is chosen; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")

    shape: PictureShape | None = None
    count: int | None = Field(None, ge=PICTURE_COUNTS[0], le=PICTURE_COUNTS[-1])
    size: PictureSize | None = None
    strength: float | None = Field(None, json_schema_extra={"enum": [*LORA_SCALES, None]})


class PanelOut(BaseModel):
    """How the next pictures are made, with what can be chosen and what they cost in all."""

    model_id: str
    model_name: str
    shape: PictureShape
    count: int
    size: PictureSize
    strength: float
    shapes: list[PictureShape] = list(PictureShape)
    counts: list[int] = list(PICTURE_COUNTS)
    sizes: list[PictureSize] = list(PictureSize)
    strengths: list[float] = list(LORA_SCALES)
    price_usd: Decimal | None = Field(description="What fal takes; null for who is no admin.")
    price_stars: int | None = Field(description="What you pay; null where nothing is paid.")


@router.get(
    "/panel",
    summary="How the next pictures are made",
    responses=answers(HTTPStatus.CONFLICT),
)
async def panel(caller: Reader, api: Offered) -> PanelOut:
    """Of the active model; without one there is nothing to make pictures with."""
    return _panel_out(await api.panels.panel(caller.user.id), caller)


@router.patch(
    "/panel",
    summary="Choose how the next pictures are made",
    responses=answers(*BODIES, HTTPStatus.CONFLICT),
)
async def choose(asked: PanelIn, caller: Maker, api: Offered) -> PanelOut:
    """The chat's panel has the same choices."""
    for option, value in (
        (PictureOption.SHAPE, asked.shape),
        (PictureOption.COUNT, asked.count),
        (PictureOption.SIZE, asked.size),
        (PictureOption.SCALE, asked.strength),
    ):
        if value is not None:
            await api.panels.choose(caller.user.id, option, str(value))
    return _panel_out(await api.panels.panel(caller.user.id), caller)


def _panel_out(found: Panel, caller: Caller) -> PanelOut:
    options = found.options
    return PanelOut(
        model_id=found.public_id or "",
        model_name=found.model.name,
        shape=options.shape,
        count=options.count,
        size=options.size,
        strength=options.lora_scale,
        price_usd=caller.usd(found.price_usd),
        price_stars=found.stars or None,
    )
