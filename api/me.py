"""Who calls, and what they may do."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.callers import Reader
from api.problems import answers
from api.routes import CallersRoute
from services.domain.api_keys import KeyScope
from services.domain.vocabulary import Language, PictureShape, PictureSize

router = APIRouter(route_class=CallersRoute, tags=["me"])


class KeyOut(BaseModel):
    """The personal key that is called with."""

    scope: KeyScope
    daily_pictures: int = Field(description="How many pictures it may order in 24 hours.")
    daily_trainings: int = Field(description="How many trainings it may start in 24 hours.")


class ChoicesOut(BaseModel):
    """What is made where a request names nothing else: the choices of the chat."""

    shape: PictureShape
    size: PictureSize
    count: int
    strength: float
    seed: int | None = Field(description="Null: a new one each time.")


class MeOut(BaseModel):
    """Who calls."""

    id: int = Field(description="The Telegram id.")
    language: Language
    choices: ChoicesOut
    key: KeyOut | None = Field(description="Null for the Mini App.")


@router.get("/me", summary="Who calls, and what they may do", responses=answers())
async def me(caller: Reader) -> MeOut:
    """Return who calls."""
    user, key = caller.user, caller.key
    return MeOut(
        id=user.id,
        language=user.language,
        choices=ChoicesOut(
            shape=user.shape,
            size=user.size,
            count=user.picture_count,
            strength=user.lora_scale,
            seed=user.kept_seed,
        ),
        key=None
        if key is None
        else KeyOut(
            scope=key.scope,
            daily_pictures=key.daily_pictures,
            daily_trainings=key.daily_trainings,
        ),
    )
