"""Every form of refusal that fal is known to have is read as the right error."""

import json

import httpx
import pytest

from services.errors import (
    FalAccount,
    FalError,
    FalJobFailed,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalUnavailable,
)
from services.fal.failures import MAX_WORDS, error_of_result, error_of_submit, words_of

ANSWERED = {"x-fal-request-id": "r"}


def answer(status: int, body: object = None, **headers: str) -> httpx.Response:
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, text=text, headers=named)


def model_error(kind: str, words: str = "no") -> dict[str, object]:
    return {"detail": [{"loc": ["body", "x"], "msg": words, "type": kind, "url": "https://docs"}]}


@pytest.mark.parametrize(
    ("response", "wanted"),
    [
        (answer(422, model_error("image_too_small", "small")), ("small", "image_too_small")),
        (
            answer(504, {"detail": "Request timed out", "error_type": "request_timeout"}),
            ("Request timed out", "request_timeout"),
        ),
        (answer(422, {"detail": "Could not load image"}), ("Could not load image", "")),
        (
            answer(500, {"detail": "Internal Server Error"}, x_fal_error_type="boom"),
            ("Internal Server Error", "boom"),
        ),
        (answer(502, "<html>nginx</html>"), ("HTTP 502", "")),
        (answer(404, {"status": "NOT_FOUND"}), ("HTTP 404", "")),
        (answer(422, {"detail": []}), ("HTTP 422", "")),
        (answer(422, {"detail": ["plain"]}), ("HTTP 422", "")),
        (answer(422, {"detail": None}), ("HTTP 422", "")),
        (answer(400, [1, 2]), ("HTTP 400", "")),
        (answer(400, "null"), ("HTTP 400", "")),
        (answer(400, ""), ("HTTP 400", "")),
        (answer(422, {"detail": "x" * 10_000}), ("x" * MAX_WORDS, "")),
    ],
)
def test_fals_words_are_found_in_every_form(
    response: httpx.Response, wanted: tuple[str, str]
) -> None:
    assert words_of(response) == wanted


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (400, FalRejected),
        (401, FalAccount),
        (402, FalAccount),
        (403, FalAccount),
        (404, FalRejected),
        (405, FalRejected),
        (408, FalUnavailable),
        (413, FalRejected),
        (422, FalRejected),
        (425, FalUnavailable),
        (429, FalUnavailable),
        (500, FalUnavailable),
        (502, FalUnavailable),
        (503, FalUnavailable),
    ],
)
def test_a_refused_submit_or_upload_means(status: int, wanted: type[FalError]) -> None:
    assert type(error_of_submit(answer(status, {"detail": "no"}))) is wanted


def of_model(status: int, body: object) -> httpx.Response:
    response = answer(status, body)
    response.headers.update(ANSWERED)
    return response


@pytest.mark.parametrize(
    ("response", "wanted"),
    [
        (of_model(422, model_error("image_load_error")), FalRejected),
        (of_model(422, {"detail": "Could not load image"}), FalRejected),
        (of_model(400, {"detail": "Request is still in progress"}), FalUnavailable),
        (of_model(400, model_error("downstream_service_error")), FalRejected),
        (of_model(404, {"detail": "Not Found"}), FalResultGone),
        (of_model(410, {"detail": "Gone"}), FalResultGone),
        (of_model(401, {"detail": "Unauthorized"}), FalRefusesKey),
        (of_model(403, {"detail": "User is locked"}), FalRefusesKey),
        (of_model(429, {"detail": "Slow down"}), FalUnavailable),
        (of_model(499, {"detail": "cancelled"}), FalJobFailed),
        (of_model(500, {"detail": "Internal Server Error"}), FalJobFailed),
        (of_model(503, {"detail": "Runner disconnected"}), FalJobFailed),
        (of_model(504, {"detail": "Request timed out"}), FalJobFailed),
        (answer(502, "<html>nginx</html>"), FalUnavailable),
        (answer(503, "<html>nginx</html>"), FalUnavailable),
        (answer(500, {"detail": "Internal Server Error"}), FalUnavailable),
    ],
)
def test_a_result_that_is_none_means(response: httpx.Response, wanted: type[FalError]) -> None:
    assert type(error_of_result(response)) is wanted


def test_a_rejection_carries_its_type() -> None:
    error = error_of_result(of_model(422, model_error("face_detection_error")))
    assert isinstance(error, FalRejected)
    assert error.error_type == "face_detection_error"
