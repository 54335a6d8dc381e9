"""Every way in which a fal job can end badly, in its true wire form.

Model errors (https://fal.ai/docs/documentation/model-apis/errors) come from the model itself: the
result answers with their status and a list under `detail`. Infrastructure errors come from fal
(https://fal.ai/docs/documentation/model-apis/request-errors): the status says `error` and
`error_type`, and the result answers with a flat body and the header `X-Fal-Error-Type`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import ValidationError

JsonObject = dict[str, object]

SUPPORTED_EXTENSIONS = (".jpg", ".jpeg", ".png", ".webp")
"""Image names that a trainer counts. fal's own list is not published; HEIC is in no list seen."""

MINIMUM_IMAGES = 4
"""For every trainer here; fal says "try to use at least 4" (fast training) or 10 (others)."""


@dataclass(frozen=True)
class Outcome:
    """What the result of a finished job answers.

    `error` and `error_type` are what the status adds for an infrastructure failure.
    """

    status: int
    body: object
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    error_type: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the job gave what was asked for."""
        return self.status == 200


class JobFailure(Exception):
    """A job ends with this outcome."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome.status}: {outcome.body}")
        self.outcome = outcome


@dataclass(frozen=True)
class _ModelError:
    status: int
    message: str
    ctx: Mapping[str, object] | None = None


_TOO_FEW = {
    "min_count": MINIMUM_IMAGES,
    "provided_count": 2,
    "supported_extensions": list(SUPPORTED_EXTENSIONS),
}
_CONTENT_MESSAGE = (
    "The content could not be processed because it contained material "
    "flagged by a content checker."
)

# Messages of invalid_archive, archive_file_count_below_minimum, content_policy_violation and
# face_detection_error are documented ones; the rest are in their manner.
MODEL_ERRORS: Mapping[str, _ModelError] = {
    "internal_server_error": _ModelError(500, "Internal server error"),
    "generation_timeout": _ModelError(504, "Generation timed out"),
    "downstream_service_error": _ModelError(400, "Downstream service error"),
    "downstream_service_unavailable": _ModelError(500, "Downstream service unavailable"),
    "content_policy_violation": _ModelError(422, _CONTENT_MESSAGE),
    "no_media_generated": _ModelError(422, "No media was generated"),
    "image_load_error": _ModelError(
        422, "Failed to load the image. Please ensure the image file is not corrupted."
    ),
    "file_download_error": _ModelError(
        422, "Failed to download the file. Please check if the URL is accessible and try again."
    ),
    "face_detection_error": _ModelError(422, "Could not detect face in the image"),
    "feature_not_supported": _ModelError(422, "This feature is not supported"),
    "file_too_large": _ModelError(422, "File too large", {"max_size": 524_288_000}),
    "image_too_large": _ModelError(
        422, "Image too large", {"max_height": 4096, "max_width": 4096}
    ),
    "image_too_small": _ModelError(422, "Image too small", {"min_height": 64, "min_width": 64}),
    "invalid_archive": _ModelError(
        422,
        "Could not read or process the provided archive. "
        "Ensure it's a valid, non-corrupted archive.",
        {"supported_extensions": [".zip"]},
    ),
    "archive_file_count_below_minimum": _ModelError(
        422, "Too few files in the archive. Add more matching files to the archive.", _TOO_FEW
    ),
}

# type -> (HTTP status, message). The two with fixtures in fal's own tests keep their words.
INFRASTRUCTURE_ERRORS: Mapping[str, tuple[int, str]] = {
    "request_timeout": (504, "Request timed out"),
    "startup_timeout": (504, "Startup timed out"),
    "runner_scheduling_failure": (503, "Runner scheduling failure"),
    "runner_connection_timeout": (503, "Runner connection timed out"),
    "runner_disconnected": (503, "Runner disconnected"),
    "runner_connection_refused": (503, "Runner connection refused"),
    "runner_connection_error": (503, "Runner connection error"),
    "runner_incomplete_response": (502, "Runner sent an incomplete response"),
    "runner_server_error": (500, "Runner server error"),
    "internal_error": (500, "Internal error"),
    "client_disconnected": (499, "Client disconnected"),
    "client_cancelled": (499, "Request was cancelled"),
    "bad_request": (400, "Bad request"),
}


def model_error(
    kind: str,
    loc: list[str | int],
    *,
    message: str | None = None,
    ctx: Mapping[str, object] | None = None,
) -> JobFailure:
    """The failure that a model itself reports.

    Args:
        kind: A key of `MODEL_ERRORS`.
        loc: The input field, starting with "body".
        message: Instead of the usual one.
        ctx: Instead of the usual one.
    """
    known = MODEL_ERRORS[kind]
    detail: JsonObject = {
        "loc": loc,
        "msg": message or known.message,
        "type": kind,
        "url": f"https://docs.fal.ai/errors/#{kind}",
    }
    shown = ctx if ctx is not None else known.ctx
    if shown is not None:
        detail["ctx"] = dict(shown)
    # The documentation of errors says "may be true" for 5xx and "no" for the rest.
    headers = {"X-Fal-Retryable": "true" if known.status >= 500 else "false"}
    return JobFailure(Outcome(known.status, {"detail": [detail]}, headers))


def infrastructure_error(kind: str) -> JobFailure:
    """The failure that fal reports for its own machinery; `kind` is in `INFRASTRUCTURE_ERRORS`."""
    status, message = INFRASTRUCTURE_ERRORS[kind]
    body = {"detail": message, "error_type": kind}
    return JobFailure(Outcome(status, body, {"X-Fal-Error-Type": kind}, message, kind))


def start_timeout() -> JobFailure:
    """The caller's own limit for the start of processing has passed: X-Fal-Request-Timeout."""
    failure = infrastructure_error("request_timeout")
    plain = failure.outcome
    headers = {**plain.headers, "X-Fal-Request-Timeout-Type": "user"}
    return JobFailure(Outcome(plain.status, plain.body, headers, plain.error, plain.error_type))


def field_error(
    loc: list[str | int], message: str, kind: str = "value_error", given: object = None
) -> JobFailure:
    """A 422 about one input field, as fal's FieldException and FastAPI write it."""
    detail: JsonObject = {"loc": loc, "msg": message, "type": kind}
    if given is not None:
        detail["input"] = given
    return JobFailure(Outcome(422, {"detail": [detail]}, {"X-Fal-Billable-Units": "0"}))


def schema_error(error: ValidationError) -> JobFailure:
    """What FastAPI answers to a body that its model refuses."""
    details = error.errors(include_url=False, include_context=False)
    contexts = error.errors(include_url=False, include_input=False)
    for detail, full in zip(details, contexts, strict=True):
        detail["loc"] = ("body", *detail["loc"])
        if "ctx" in full:
            detail["ctx"] = {key: _plain(value) for key, value in full["ctx"].items()}
    return JobFailure(Outcome(422, {"detail": details}, {"X-Fal-Billable-Units": "0"}))


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def named_failure(kind: str, loc: list[str | int]) -> JobFailure:
    """The failure of this type, whichever of the two families it belongs to."""
    if kind in MODEL_ERRORS:
        return model_error(kind, loc)
    return infrastructure_error(kind)
