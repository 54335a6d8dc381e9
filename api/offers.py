"""What can be ordered: presets, and prices."""

from decimal import Decimal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import Offered, Reader
from api.problems import answers
from api.routes import CallersRoute
from services.domain.vocabulary import PictureShape, QualityMode

router = APIRouter(route_class=CallersRoute, tags=["offers"])


class PresetOut(BaseModel):
    """A ready-made idea for a picture."""

    id: str
    category: str
    name: str
    description: str
    prompt: str = Field(description="In English; ask for it as it is, or change it.")
    shape: PictureShape


class PresetsOut(BaseModel):
    """All presets."""

    items: list[PresetOut]


class ModeOut(BaseModel):
    """How long a model is trained."""

    mode: QualityMode
    steps: int
    price_usd: Decimal | None = Field(description="Null for who does not pay.")
    usual_minutes: tuple[int, int] | None


class TrainerOut(BaseModel):
    """What trains models."""

    trainer: str
    modes: list[ModeOut]
    picture_price_usd: Decimal | None = Field(
        description="Of one picture with such a model, upright and of the standard size."
    )


class PricesOut(BaseModel):
    """What can be trained, and what it and its pictures cost."""

    trainers: list[TrainerOut]


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
        )
        for category, preset, prompt in await api.presets.all_for(caller.user.id)
    ]
    return PresetsOut(items=found)


@router.get("/prices", summary="What can be trained, and what it costs", responses=answers())
async def prices(caller: Reader, api: Offered) -> PricesOut:
    """Return the trainers on offer with their prices."""
    trainers = [
        TrainerOut(
            trainer=offer.nickname,
            modes=[
                ModeOut(
                    mode=mode.mode,
                    steps=mode.steps,
                    price_usd=mode.usd if caller.pays else None,
                    usual_minutes=mode.usual_minutes,
                )
                for mode in offer.modes
            ],
            picture_price_usd=offer.picture_usd if caller.pays else None,
        )
        for offer in api.train_offers.all()
    ]
    return PricesOut(trainers=trainers)
