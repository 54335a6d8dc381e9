"""The photos of the draft, which the chat and its other fronts share."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.callers import Caller, Offered, Reader, Trainer
from api.files import file_answer, image
from api.limits import counted
from api.multipart import FormLimits, SentFile, read_files
from api.offered import ApiOffered
from api.problems import BODIES, Refused, answers
from api.routes import CallersRoute
from api.words import Words
from services.domain.values import Photo
from services.domain.vocabulary import PhotoState, QualityMode, Subject
from services.errors import DeliveryFailed, NotFound, UserUnreachable
from services.photos.coach.judging import Flaw
from services.photos.coach.seen import turn_of
from services.photos.refusal import PhotoRefused, RefusalReason
from services.training.views import PhotosView

router = APIRouter(route_class=CallersRoute, tags=["training"])

MAX_FILES = 20
MAX_FILE_BYTES = 20 * 1024 * 1024
"""As in the chat, where the Bot API gives files of at most 20 MB."""

FORM_BYTES = 64 * 1024
"""Of a form beside its files: the boundaries and headers of twenty take a tenth of it."""

UPLOAD_WITHIN_S = 30 * 60.0
"""Twenty photos of 5 MB need 27 minutes over a line of 512 kbit/s."""

UPLOADS_AT_ONCE = 6
UPLOADS_OF_ONE = 2
"""Each has one file in memory, twice while it goes to Telegram."""

UPLOADS_OF_NEWCOMERS = 2
"""The last places are for those who have none yet: nobody sends two files at a time while others
cannot send one."""

CHECKED_WITHIN_S = 20.0
LOOK_EVERY_S = 0.3

PhotoId = Annotated[int, Field(ge=1, lt=2**63)]

Consent = Annotated[
    bool,
    Query(
        description=(
            "That the person in the photos agrees to a training with them, and you to what"
            " /privacy in the chat says. Needed for the first photos of a draft."
        )
    ),
]

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["photos"],
                    "properties": {
                        "photos": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": MAX_FILES,
                            "items": {"type": "string", "format": "binary"},
                            "description": "JPEG, PNG, WebP or HEIC, at most 20 MB each.",
                        }
                    },
                }
            }
        },
    }
}


class PhotoOut(BaseModel):
    """A photo, and what was found on it."""

    photo_id: int | None = Field(description="Null for what was refused at once and is not kept.")
    name: str
    status: PhotoState
    reason: RefusalReason | None = Field(description="Why it is refused.")
    flaws: list[Flaw] = Field(description="What the coach would have better, the worst first.")
    detail: str | None = Field(description="The reason or the worst flaw, for people.")
    thumbnail_url: str | None
    can_turn: bool = Field(description="Whether it can be turned.")


class UploadedOut(BaseModel):
    """What was sent, in its order. What is still `pending` is told by the draft later."""

    photos: list[PhotoOut]


class DraftOut(BaseModel):
    """What is being chosen for the next training, here or in the chat."""

    is_begun: bool = Field(description="Whether the consent was given.")
    model_name: str | None
    gender: Subject | None
    trainer: str | None
    mode: QualityMode | None
    photos: list[PhotoOut]
    accepted: int
    least: int = Field(description="How many photos a training needs.")
    most: int = Field(description="How many photos a training takes.")
    recommended: int
    score: int | None = Field(description="How good the coach finds the set, 0 to 100.")
    consent: str = Field(description="What is agreed to with `consent`, for people.")


class ChoiceIn(BaseModel):
    """What is chosen for the next training."""

    model_config = ConfigDict(extra="forbid")

    model_name: Words | None = Field(None, max_length=1000, description="At most 40 characters.")
    gender: Subject | None = None
    trainer: Words | None = Field(None, max_length=40, description="One of those in /prices.")
    mode: QualityMode | None = None
    consent: Literal[True] | None = Field(
        None, description="Needed to begin a draft; as for its first photos."
    )


@router.post(
    "/upload-photos",
    summary="Send photos for the next training",
    responses=answers(
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_FOUND,
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ),
    openapi_extra=_FORM,
)
async def upload_photos(
    request: Request,
    caller: Trainer,
    api: Offered,
    consent: Consent = False,  # noqa: FBT002
    wait: Annotated[bool, Query(description="For the verdicts, for a while.")] = True,  # noqa: FBT002
) -> UploadedOut:
    """Photos go into the chat as files, as if sent there, and are kept nowhere else.

    The same file sent again is the same photo: after a broken connection, send all of them again.
    """
    user_id = caller.user.id
    with _place_of(request, user_id):
        draft = await api.drafts.open_draft(user_id)
        if draft is None and not consent:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "consent-missing")
        taken: list[int | PhotoOut] = []
        async for file in read_files(request, _limits()):
            if len(taken) == MAX_FILES:
                raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "too-many-files", max=MAX_FILES)
            if draft is None:
                draft = await api.drafts.open_or_begin(user_id, caller.place)
            taken.append(await _take(api, caller, draft.id, file))
        if draft is None or not taken:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "no-files")
    shown = await _shown_when_checked(api, caller, draft.id, CHECKED_WITHIN_S if wait else 0)
    return UploadedOut(
        photos=[
            one if isinstance(one, PhotoOut) else shown[one]
            for one in taken
            if isinstance(one, PhotoOut) or one in shown
        ]
    )


def _limits() -> FormLimits:
    return FormLimits(MAX_FILE_BYTES, MAX_FILES * MAX_FILE_BYTES + FORM_BYTES, UPLOAD_WITHIN_S)


@contextmanager
def _place_of(request: Request, user_id: int) -> Iterator[None]:
    """Take one of the places of uploads."""
    uploads = request.app.state.uploads
    places = UPLOADS_AT_ONCE - (UPLOADS_OF_NEWCOMERS if uploads[user_id] else 0)
    if uploads[user_id] >= UPLOADS_OF_ONE or uploads.total() >= places:
        raise Refused(HTTPStatus.TOO_MANY_REQUESTS, "too-many-requests", 5, seconds=5)
    with counted(uploads, user_id):
        yield


async def _take(api: Offered, caller: Caller, draft_id: str, file: SentFile) -> int | PhotoOut:
    """Return the id of a photo that is taken, or what is said of one that is refused at once."""
    if file.is_too_large:
        most = MAX_FILE_BYTES // 1024**2
        refused = PhotoRefused(RefusalReason.TOO_BIG, max_megabytes=most)
        return _refused_at_once(api, caller, file, refused)
    try:
        photo = await api.uploads.take(
            caller.user.id, caller.place, draft_id, file.name, bytes(file.data)
        )
    except PhotoRefused as refused:
        return _refused_at_once(api, caller, file, refused)
    except UserUnreachable:
        raise Refused(HTTPStatus.CONFLICT, "chat-closed") from None
    except DeliveryFailed as error:
        wait_s = int(error.retry_after_s or 5)
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "not-available", wait_s) from None
    return photo.id


def _refused_at_once(
    api: Offered, caller: Caller, file: SentFile, refused: PhotoRefused
) -> PhotoOut:
    return PhotoOut(
        photo_id=None,
        name=file.name,
        status=PhotoState.REFUSED,
        reason=refused.reason,
        flaws=[],
        detail=_refusal_words(api, caller, refused.reason, refused.params),
        thumbnail_url=None,
        can_turn=False,
    )


async def _shown_when_checked(
    api: Offered, caller: Caller, draft_id: str, within_s: float
) -> dict[int, PhotoOut]:
    """Return the photos of a draft by their ids, once none is being checked, or after a while."""
    until_s = time.monotonic() + within_s
    while True:
        view = await api.training_views.photos(draft_id)
        if view is None:
            raise NotFound
        if not view.count(PhotoState.PENDING) or time.monotonic() >= until_s:
            return {
                photo.id: out
                for photo, out in zip(view.photos, _photos(api, caller, view), strict=True)
            }
        await asyncio.sleep(LOOK_EVERY_S)


def _photos(api: Offered, caller: Caller, view: PhotosView) -> list[PhotoOut]:
    verdict = view.verdict(api.rules.recommended_photos)
    flaws: dict[int, tuple[Flaw, ...]] = {}
    if verdict is not None:
        flaws = {one.id: each for one, each in zip(view.seen, verdict.flaws, strict=True)}
    return [_photo(api, caller, photo, flaws.get(photo.id, ())) for photo in view.photos]


def _photo(api: Offered, caller: Caller, photo: Photo, flaws: tuple[Flaw, ...]) -> PhotoOut:
    detail, reason = None, None
    if photo.refusal is not None:
        reason = RefusalReason(photo.refusal)
        detail = _refusal_words(api, caller, reason, photo.refusal_params)
    elif flaws:
        detail = caller.texts.plain(f"tile-flaw-{flaws[0]}")
    return PhotoOut(
        photo_id=photo.id,
        name=photo.label or caller.texts.plain("photo-number", number=str(photo.number)),
        status=photo.state,
        reason=reason,
        flaws=list(flaws),
        detail=detail,
        thumbnail_url=api.address(
            f"/photos/{photo.id}/thumbnail", caller.user.id, turn=str(turn_of(photo.seen))
        ),
        can_turn=photo.state is PhotoState.ACCEPTED and photo.seen is not None,
    )


def _refusal_words(api: Offered, caller: Caller, reason: RefusalReason, params: Any) -> str:  # noqa: ANN401  # JSON
    values: dict[str, int | str] = {"max": api.rules.max_photos, "number": "unknown"}
    # As text, so that a size is not grouped like a sum of money.
    values |= {name: str(value) for name, value in params.items()}
    return caller.texts.plain(f"refusal-{reason}", **values)


@router.get("/draft", summary="The next training, as it is by now", responses=answers())
async def draft(caller: Reader, api: Offered) -> DraftOut:
    """Where nothing is begun, everything is empty."""
    return draft_out(caller, api, await api.overviews.draft(caller.user))


@router.patch(
    "/draft",
    summary="Choose something for the next training",
    responses=answers(*BODIES, HTTPStatus.CONFLICT, HTTPStatus.NOT_FOUND),
)
async def choose(asked: ChoiceIn, caller: Trainer, api: Offered) -> DraftOut:
    """What is not named stays as it is; the chat goes on from there."""
    user_id, drafts = caller.user.id, api.drafts
    found = await drafts.open_draft(user_id)
    if found is None:
        if not asked.consent:
            raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "consent-missing")
        found = await drafts.begin(user_id, caller.place)
    if asked.model_name is not None:
        await drafts.set_name(user_id, found.id, asked.model_name)
    if asked.gender is not None:
        await drafts.set_subject(user_id, found.id, asked.gender)
    if asked.trainer is not None:
        await drafts.set_trainer(user_id, found.id, asked.trainer)
    if asked.mode is not None:
        await drafts.set_mode(user_id, found.id, asked.mode)
    return draft_out(caller, api, await api.overviews.draft(caller.user))


def draft_out(caller: Caller, api: ApiOffered, view: PhotosView | None) -> DraftOut:
    """Return the draft as callers see it."""
    found = view.owner if view else None
    verdict = view.verdict(api.rules.recommended_photos) if view else None
    return DraftOut(
        is_begun=found is not None,
        model_name=found.name if found else None,
        gender=found.subject if found else None,
        trainer=api.train_offers.of(found.trainer).nickname if found else None,
        mode=found.mode if found else None,
        photos=_photos(api, caller, view) if view else [],
        accepted=view.count(PhotoState.ACCEPTED) if view else 0,
        least=api.rules.min_photos,
        most=api.rules.max_photos,
        recommended=api.rules.recommended_photos,
        score=verdict.score if verdict else None,
        consent=_without_markup(caller.texts("ask-consent", days=api.rules.archive_days)),
    )


def _without_markup(words: str) -> str:
    return unescape(words.replace("<b>", "").replace("</b>", ""))


@router.get(
    "/photos/{photo_id}/thumbnail",
    summary="A photo of the draft, small",
    response_class=Response,
    responses={
        **answers(HTTPStatus.NOT_FOUND),
        **image("image/jpeg"),
    },
)
async def thumbnail(photo_id: PhotoId, caller: Reader, api: Offered) -> Response:
    """Made at each call: nothing of it is kept here."""
    photo = await api.uploads.own(caller.user.id, photo_id)
    data = await api.sheets.thumbnail(photo)
    if data is None:
        raise NotFound
    return file_answer(data, f"{photo.id}.jpg")


@router.post(
    "/photos/{photo_id}/turn",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Turn a photo by a quarter, clockwise",
    responses=answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def turn_photo(photo_id: PhotoId, caller: Trainer, api: Offered) -> None:
    """It is trained on as it is turned."""
    await api.uploads.turn(caller.user.id, photo_id)


@router.delete(
    "/photos/{photo_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Take a photo out of the draft",
    responses=answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
async def delete_photo(photo_id: PhotoId, caller: Trainer, api: Offered) -> None:
    """In the chat the photo stays, where you can delete it yourself."""
    await api.uploads.remove(caller.user.id, photo_id)
