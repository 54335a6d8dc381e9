"""What is answered when something is not done: problem details (RFC 9457), for people too."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from services import errors
from services.domain.trouble import DatabaseUnavailable
from services.domain.vocabulary import Language
from services.errors import DomainError
from texts.reader import Texts

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUSES: Mapping[type[DomainError], HTTPStatus] = {
    errors.InvalidName: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidPrompt: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.UnknownOption: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadOptionValue: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.MissingOptionValue: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RepeatedOption: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RequestKeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.BadWebhookAddress: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.PresetGone: HTTPStatus.NOT_FOUND,
    errors.NotAllowed: HTTPStatus.FORBIDDEN,
    errors.Blocked: HTTPStatus.FORBIDDEN,
    errors.NotClaimed: HTTPStatus.FORBIDDEN,
    errors.CreditsMissing: HTTPStatus.PAYMENT_REQUIRED,
    errors.DailyTrainingsReached: HTTPStatus.TOO_MANY_REQUESTS,
    errors.DailyImagesReached: HTTPStatus.TOO_MANY_REQUESTS,
    errors.ExportTooSoon: HTTPStatus.TOO_MANY_REQUESTS,
    errors.KeyLimitReached: HTTPStatus.TOO_MANY_REQUESTS,
    errors.BudgetSpent: HTTPStatus.TOO_MANY_REQUESTS,
    errors.ServicePaused: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.UnderMaintenance: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Whatever is not named here is a conflict: it cannot be done as things stand."""

PAUSED_S = 600
UNAVAILABLE_S = 5
"""After how many seconds it is worth asking again."""


class Mistake(BaseModel):
    """What is wrong with one part of a request."""

    pointer: str = Field(description="The part: a JSON pointer into the body, or a parameter.")
    detail: str


class Problem(BaseModel):
    """Why something was not done."""

    type: str = "about:blank"
    title: str = Field(description="The words of the status.")
    status: int
    detail: str = Field(description="A sentence for people, in the caller's language.")
    code: str = Field(description="The same for programs; it does not change with the language.")
    errors: list[Mistake] = Field(default_factory=list)


class Refused(Exception):
    """Something that only a caller over HTTP is told: `api-<code>` is its sentence.

    Args:
        status: What it is in HTTP.
        code: Its name.
        retry_after_s: In how many seconds it is worth asking again.
        params: Fill the sentence.
    """

    def __init__(
        self, status: HTTPStatus, code: str, retry_after_s: int | None = None, **params: int | str
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s
        self.params = params


CODES = frozenset(
    {
        "no-access",
        "not-met",
        "scope-missing",
        "too-many-streams",
        "consent-missing",
        "no-files",
        "too-many-files",
        "not-a-form",
        "broken-form",
        "chat-closed",
        "too-many-requests",
        "bad-request",
        "body-too-large",
        "body-too-slow",
        "form-too-slow",
        "no-such-address",
        "method-not-allowed",
        "not-available",
    }
)
"""Of everything `Refused` is raised with."""


def handle_problems(app: FastAPI) -> None:
    """Have every error of an application answered as a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(DomainError, _domain_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(DatabaseUnavailable, _unavailable)
    app.add_exception_handler(Exception, _bug)


def handle_no_such_address(app: FastAPI) -> None:
    """Have it answered as a problem that an application has nothing at an address."""
    app.add_exception_handler(HTTPException, _http_error)


def texts_of(request: Request) -> Texts:
    """Return the caller's sentences: as they read them in the chat, once they are known."""
    known: Texts | None = getattr(request.state, "texts", None)
    return known or Texts(accepted(request.headers.get("Accept-Language", "")))


def accepted(header: str) -> Language:
    """Return which of our languages a caller names first."""
    tags = [part.split(";")[0].strip().lower().split("-")[0] for part in header.split(",")]
    return next((Language(tag) for tag in tags if tag in set(Language)), Language.EN)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)  # noqa: S101  # it is registered for nothing else
    detail = texts_of(request).plain(f"api-{error.code}", **error.params)
    return _answer(error.status, error.code, detail, retry_after_s=error.retry_after_s)


async def _domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DomainError)  # noqa: S101  # it is registered for nothing else
    detail = texts_of(request).plain(f"error-{error.code}", **error.params)
    status = STATUSES.get(type(error), HTTPStatus.CONFLICT)
    wait_s = PAUSED_S if isinstance(error, errors.ServicePaused) else None
    hours = error.params.get("hours")
    return _answer(
        status,
        error.code,
        detail,
        retry_after_s=hours * 3600 if isinstance(hours, int) else wait_s,
    )


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # as above
    mistakes = [
        Mistake(pointer=_pointer(one["loc"]), detail=str(one["msg"])) for one in error.errors()
    ]
    detail = texts_of(request).plain("api-bad-request")
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, "bad-request", detail, mistakes)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # as above
    status = HTTPStatus(error.status_code)
    codes = {
        HTTPStatus.NOT_FOUND: "no-such-address",
        HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    }
    code = codes.get(status, "bad-request")
    answer = _answer(status, code, texts_of(request).plain(f"api-{code}"))
    answer.headers.update(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        answer.headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return answer


def _methods_at(request: Request) -> set[str]:
    """Return the methods of all routes at an address; the framework names the first one's."""
    routes = request.app.router.routes
    matching = (one for one in routes if one.matches(request.scope)[0] is not Match.NONE)
    return {method for one in matching for method in getattr(one, "methods", None) or ()}


async def _unavailable(request: Request, _: Exception) -> JSONResponse:
    detail = texts_of(request).plain("api-not-available")
    status = HTTPStatus.SERVICE_UNAVAILABLE
    return _answer(status, "not-available", detail, retry_after_s=UNAVAILABLE_S)


async def _bug(request: Request, error: Exception) -> JSONResponse:
    code = secrets.token_hex(3)
    logger.error("error %s in %s %s", code, request.method, request.url.path, exc_info=error)
    detail = texts_of(request).plain("error-bug", code=code)
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "bug", detail)


def _answer(
    status: HTTPStatus,
    code: str,
    detail: str,
    mistakes: Sequence[Mistake] = (),
    *,
    retry_after_s: int | None = None,
) -> JSONResponse:
    problem = Problem(
        title=status.phrase, status=status, detail=detail, code=code, errors=list(mistakes)
    )
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    if status is HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer, tma realm="Telegram"'
    return JSONResponse(
        problem.model_dump(), status_code=status, headers=headers, media_type=MEDIA_TYPE
    )


def _pointer(place: Sequence[Any]) -> str:
    where, *path = place
    if where == "body":
        return "#/" + "/".join(map(str, path))
    return "/".join(map(str, path))


BODIES = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
)
"""How a call with a body may be refused, beside what `answers` always has."""

ORDERS = (*BODIES, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
"""How an order may be refused, beside what `answers` always has."""


def answers(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return how problems of these kinds are described, with those that any call may have."""
    always = (
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    )
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        int(status): {
            "description": status.phrase,
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status in sorted({*always, *statuses})
    }
