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
    overview = await api.overviews.of(caller.user)
    return EverythingOut(
        language=caller.user.language,
        prices=prices_out(caller, api),
        draft=draft_out(caller, api, overview.draft),
        trainings=[training_out(one, caller) for one in overview.trainings],
        generations=[generation_out(one, caller, api) for one in overview.generations],
    )
