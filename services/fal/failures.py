"""Reads fal's refusals: which error of ours an HTTP answer is.

fal's bodies come in several shapes (a list of model errors, a flat infrastructure error, a plain
sentence, an HTML page of its ingress), and all of them must be survived.
"""

from typing import Any

import httpx

from services.errors import (
    FalAccount,
    FalError,
    FalJobFailed,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalUnavailable,
)

MAX_WORDS = 300
"""How much of fal's answer is kept for the log."""

_REFUSED_KEY = frozenset({401, 403})
"""While a job is watched these pass: a lock or a key problem does not stop a running job."""

_TRANSIENT = frozenset({408, 409, 425, 429})

_GONE = frozenset({404, 410})


def words_of(response: httpx.Response) -> tuple[str, str]:
    """Give fal's words and its machine-readable error type, each empty where there is none."""
    header_type = response.headers.get("x-fal-error-type", "")
    body = _json_of(response)
    if not isinstance(body, dict):
        return f"HTTP {response.status_code}", header_type
    detail = body.get("detail")
    if isinstance(detail, list):
        first = detail[0] if detail and isinstance(detail[0], dict) else {}
        words, error_type = str(first.get("msg", "")), str(first.get("type", ""))
    else:
        words, error_type = str(detail or ""), str(body.get("error_type") or "")
    return words[:MAX_WORDS] or f"HTTP {response.status_code}", error_type or header_type


def error_of_submit(response: httpx.Response) -> FalError:
    """Say what a refused submit or upload means. Server errors of a submit never come here."""
    words, error_type = words_of(response)
    if response.status_code in {401, 402, 403}:
        return FalAccount(words)
    if response.is_server_error or response.status_code in _TRANSIENT:
        return FalUnavailable(words)
    return FalRejected(words, error_type)


def error_of_result(response: httpx.Response) -> FalError:
    """Say what a result other than 200 means: the model's own error comes with its own status."""
    words, error_type = words_of(response)
    status = response.status_code
    if status in _REFUSED_KEY:
        return FalRefusesKey(words)
    if status in _TRANSIENT or _is_ingress_page(response):
        return FalUnavailable(words)
    if status in _GONE:
        return FalResultGone(words)
    if status == httpx.codes.BAD_REQUEST and "in progress" in words.lower():
        return FalUnavailable(words)
    if status in {400, 422}:
        return FalRejected(words, error_type)
    return FalJobFailed(f"{error_type or status}: {words}")


def _is_ingress_page(response: httpx.Response) -> bool:
    # fal's own servers always name the request; a bare gateway page does not.
    return response.is_server_error and "x-fal-request-id" not in response.headers


def _json_of(response: httpx.Response) -> Any:  # noqa: ANN401  # whatever fal sent
    try:
        return response.json()
    except ValueError:
        return None
