"""All that changes by itself, in one stream: a page needs no other."""

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.callers import Caller, Offered, Reader
from api.events import EVENTS, Seen, stream
from api.generations import GenerationOut, generation_out
from api.offered import ApiOffered
from api.offers import PricesOut, prices_out
from api.photos import DraftOut, draft_out
from api.problems import answers
from api.routes import CallersRoute
from api.trainings import TrainingOut, training_out
from services.domain.vocabulary import Language

router = APIRouter(route_class=CallersRoute, tags=["me"])

TRAININGS = 3
GENERATIONS = 6
"""So many of the newest are in each event."""


class EverythingOut(BaseModel):
    """The draft, and the newest trainings and requests for pictures, newest first.

    A page needs the language and the prices before it can show anything.
    """

    language: Language
    prices: PricesOut
    draft: DraftOut
    trainings: list[TrainingOut]
    generations: list[GenerationOut]


@router.get(
    "/events",
    # It has no end, so nothing that tries every call of the document could go on.
    include_in_schema=False,
    response_class=StreamingResponse,
    responses={**answers(), **EVENTS},
)
async def everything(caller: Reader, api: Offered, request: Request) -> StreamingResponse:
    """Return the events of the caller."""

    async def look() -> Seen:
        return Seen(await _everything(caller, api), is_end=False)

    return await stream(request, caller.user.id, look, api.stopping)


async def _everything(caller: Caller, api: ApiOffered) -> EverythingOut:
    user_id = caller.user.id
    trainings = await api.trainings.latest(user_id, TRAININGS)
    views = [await api.training_views.training(one.id) for one in trainings]
    generations = await api.generation_views.below(user_id, None, GENERATIONS)
    return EverythingOut(
        language=caller.user.language,
        prices=prices_out(caller, api),
        draft=await draft_out(caller, api),
        trainings=[training_out(view, caller) for view in views if view is not None],
        generations=[generation_out(view, caller, api) for view in generations],
    )
