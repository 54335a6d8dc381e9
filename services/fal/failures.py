"""Reads fal's refusals: which error of ours an HTTP answer is.

fal's bodies come in several shapes (a list of model errors, a flat infrastructure error, a plain
sentence, the platform API's object, an HTML page of its ingress), and all of them must be
survived.
"""

import math
import re

import httpx

from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalJobCancelled,
    FalJobFailed,
    FalOutcomeUnknown,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalUnavailable,
)
from services.fal.answers import Unreadable, object_of
from services.fal.words import Words

REFUSED_KEY = frozenset({401, 402, 403})
"""While a job is watched these pass: a lock or a key problem does not stop a running job."""

GONE = frozenset({404, 410})

NO_ENDPOINT = frozenset({404, 405, 410})
"""To a submit: the endpoint is not there. No job is meant that could be gone."""

TRANSIENT = frozenset({408, 409, 425, 429})
"""Refusals that are not about what was asked."""

CANCELLED = 499
"""What fal answers for a job that a cancel has ended (`client_cancelled`)."""

_ERROR_TYPE = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_NOT_ENDED = re.compile(
    r"in.progress|in.queue|not (?:yet )?(?:complete|ready|finish)", re.IGNORECASE
)


def is_outage(response: httpx.Response) -> bool:
    """Return whether an answer says that fal is down rather than that it refuses."""
    return response.is_server_error or response.status_code == httpx.codes.TOO_MANY_REQUESTS


def words_of(response: httpx.Response, words: Words) -> tuple[str, str]:
    """Return fal's words and its machine-readable error type, which is empty where there is none.

    This is the one place where fal's words come in, so they are filtered here.
    """
    said, error_type = _said(response)
    known_type = error_type or response.headers.get("x-fal-error-type", "")
    if not isinstance(known_type, str) or not _ERROR_TYPE.fullmatch(known_type):
        known_type = ""
    return words.short(said) or f"HTTP {response.status_code}", words.short(known_type)


def _said(response: httpx.Response) -> tuple[object, object]:
    try:
        body = object_of(response.content)
    except Unreadable:
        return None, None
    detail = body.get("detail")
    if isinstance(detail, list):
        first = detail[0] if detail and isinstance(detail[0], dict) else {}
        return first.get("msg"), first.get("type")
    platform = body.get("error")
    if detail is None and isinstance(platform, dict):
        return platform.get("message"), platform.get("type")
    return detail, body.get("error_type")


def unavailable(response: httpx.Response, words: Words) -> FalUnavailable:
    """Return the error of an answer after which one asks again later."""
    return FalUnavailable(_with_status(response, words), is_outage=is_outage(response))


def _with_status(response: httpx.Response, words: Words) -> str:
    said, _ = words_of(response, words)
    status = f"HTTP {response.status_code}"
    return said if said == status else f"{status}: {said}"


def error_of_submit(response: httpx.Response, words: Words) -> FalError:
    """Return what a refused submit or upload means.

    A server error of an upload changes nothing; that of a submit has an unknown outcome, which
    `services.fal.transport` says.
    """
    said, error_type = words_of(response, words)
    if response.status_code in REFUSED_KEY:
        return FalAccount(_with_status(response, words))
    if response.status_code in NO_ENDPOINT:
        return FalEndpointGone(_with_status(response, words), error_type)
    if response.is_client_error and response.status_code not in TRANSIENT:
        return FalRejected(said, error_type)
    return unavailable(response, words)


def error_of_status(response: httpx.Response, words: Words) -> FalError:
    """Return what a status or a cancel that fal refuses means for a job that goes on."""
    said, _ = words_of(response, words)
    if response.status_code in REFUSED_KEY:
        return FalRefusesKey(_with_status(response, words))
    if response.status_code in GONE:
        return FalResultGone(said)
    return unavailable(response, words)


def error_of_result(response: httpx.Response, words: Words) -> FalError:
    """Return what a result without success means: the model's own error has its own status.

    A paid job is not given up for an answer that is not clearly its end.
    """
    said, error_type = words_of(response, words)
    status = response.status_code
    if status in REFUSED_KEY | GONE:
        return error_of_status(response, words)
    if status == CANCELLED:
        return FalJobCancelled(said, error_type, is_free=_is_free(response))
    if status in {400, 422} and not (
        status == httpx.codes.BAD_REQUEST and _NOT_ENDED.search(said)
    ):
        return FalRejected(said, error_type, is_free=_is_free(response))
    if response.is_server_error and _is_of_the_job(response):
        detail = f"{error_type or status}: {said}"
        is_final = _is_final(response)
        return FalJobFailed(detail, error_type, is_free=_is_free(response), is_final=is_final)
    return unavailable(response, words)


def _is_of_the_job(response: httpx.Response) -> bool:
    # fal's own servers always name the request, and a failure in words; a gateway's page does not.
    return "x-fal-request-id" in response.headers and _said(response)[0] is not None


def _is_free(response: httpx.Response) -> bool | None:
    try:
        units = float(response.headers["x-fal-billable-units"])
    except (KeyError, ValueError):
        return None
    return units == 0 if math.isfinite(units) else None


def _is_final(response: httpx.Response) -> bool:
    # The header has two names in fal's documentation (DOC errors, two revisions).
    said = [response.headers.get(name, "") for name in ("x-fal-retryable", "x-fal-needs-retry")]
    return any(word.strip().lower() in {"false", "0"} for word in said)


def lost(error: Exception) -> FalUnavailable:
    """Return the error of a call that had no whole answer.

    The text of an HTTP error may hold an address; its kind is enough for the log.
    """
    is_down = isinstance(error, (httpx.TransportError, TimeoutError))
    return FalUnavailable(type(error).__name__, is_outage=is_down)


def outcome_unknown(error: Exception) -> FalOutcomeUnknown:
    """Return the error of a submit that may have arrived."""
    return FalOutcomeUnknown(
        type(error).__name__, is_outage=isinstance(error, httpx.TransportError)
    )
