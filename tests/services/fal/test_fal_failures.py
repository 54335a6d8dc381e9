"""Every form of refusal that fal is known to have is read as the right error."""

import json

import httpx
import pytest

from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalJobCancelled,
    FalJobFailed,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalUnavailable,
)
from services.fal.failures import (
    error_of_result,
    error_of_status,
    error_of_submit,
    is_outage,
    words_of,
)
from services.fal.words import MAX_WORDS, Words

WORDS = Words("key-id:key-secret")
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
        (
            answer(400, {"error": {"type": "validation_error", "message": "bad start"}}),
            ("bad start", "validation_error"),
        ),
        (answer(400, {"error": {"type": 7, "message": ["x"]}}), ("HTTP 400", "")),
        (answer(422, model_error("no such type\n")), ("no", "")),
        (answer(422, {"detail": [{"msg": {"a": 1}, "type": ["b"]}]}), ("HTTP 422", "")),
        (answer(422, "[" * 200_000), ("HTTP 422", "")),
        (answer(422, '{"detail": "\\ud800"}'), ("\\ud800", "")),
        (answer(422, {"detail": []}), ("HTTP 422", "")),
        (answer(422, {"detail": ["plain"]}), ("HTTP 422", "")),
        (answer(422, {"detail": None}), ("HTTP 422", "")),
        (answer(400, [1, 2]), ("HTTP 400", "")),
        (answer(400, "null"), ("HTTP 400", "")),
        (answer(400, ""), ("HTTP 400", "")),
        (answer(422, {"detail": "x" * 10_000}), ("x" * (MAX_WORDS - 1) + "…", "")),
    ],
)
def test_fals_words_are_found_in_every_form(
    response: httpx.Response, wanted: tuple[str, str]
) -> None:
    assert words_of(response, WORDS) == wanted


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (301, FalUnavailable),
        (307, FalUnavailable),
        (400, FalRejected),
        (401, FalAccount),
        (402, FalAccount),
        (403, FalAccount),
        (404, FalEndpointGone),
        (405, FalEndpointGone),
        (410, FalEndpointGone),
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
    assert type(error_of_submit(answer(status, {"detail": "no"}), WORDS)) is wanted


@pytest.mark.parametrize("said", [{"detail": "Error"}, "<html></html>"])
def test_a_refused_account_is_told_with_its_status(said: object) -> None:
    words = ": Error" if isinstance(said, dict) else ""
    for error in (
        error_of_submit(answer(401, said), WORDS),
        error_of_status(answer(401, said), WORDS),
    ):
        assert str(error) == f"HTTP 401{words}"


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
        (of_model(402, {"detail": "Pay"}), FalRefusesKey),
        (of_model(408, {"detail": "Slow"}), FalUnavailable),
        (of_model(425, {"detail": "Early"}), FalUnavailable),
        (of_model(405, {"detail": "Method Not Allowed"}), FalUnavailable),
        (of_model(302, None), FalUnavailable),
        (of_model(400, {"detail": "Request is not ready"}), FalUnavailable),
        (of_model(499, {"detail": "cancelled"}), FalJobCancelled),
        (of_model(500, None), FalUnavailable),
        (of_model(500, "<html>"), FalUnavailable),
        (of_model(500, {"detail": "Internal Server Error"}), FalJobFailed),
        (of_model(503, {"detail": "Runner disconnected"}), FalJobFailed),
        (of_model(504, {"detail": "Request timed out"}), FalJobFailed),
        (answer(502, "<html>nginx</html>"), FalUnavailable),
        (answer(503, "<html>nginx</html>"), FalUnavailable),
        (answer(500, {"detail": "Internal Server Error"}), FalUnavailable),
    ],
)
def test_a_result_that_is_none_means(response: httpx.Response, wanted: type[FalError]) -> None:
    assert type(error_of_result(response, WORDS)) is wanted


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (401, FalRefusesKey),
        (402, FalRefusesKey),
        (403, FalRefusesKey),
        (404, FalResultGone),
        (410, FalResultGone),
        *((status, FalUnavailable) for status in (302, 400, 405, 408, 425, 429, 500, 502, 503)),
    ],
)
def test_a_refused_status_means(status: int, wanted: type[FalError]) -> None:
    assert type(error_of_status(of_model(status, {"detail": "no"}), WORDS)) is wanted


@pytest.mark.parametrize("status", range(300, 600))
def test_only_server_errors_and_floods_are_outages(status: int) -> None:
    response = answer(status, {"detail": "no"})
    wanted = status >= 500 or status == 429
    assert is_outage(response) is wanted
    assert error_of_status(response, WORDS).is_outage is wanted


@pytest.mark.parametrize("status", [422, 499, 500, 504])
def test_what_a_model_did_wrong_is_no_outage(status: int) -> None:
    assert not error_of_result(of_model(status, {"detail": "no"}), WORDS).is_outage


def test_a_rejection_carries_its_type() -> None:
    error = error_of_result(of_model(422, model_error("face_detection_error")), WORDS)
    assert isinstance(error, FalRejected)
    assert error.error_type == "face_detection_error"


@pytest.mark.parametrize(
    ("units", "wanted"),
    [("0", True), ("0.0", True), ("1.5", False), ("nan", None), ("free", None), (None, None)],
)
@pytest.mark.parametrize("status", [422, 499, 500])
def test_an_end_says_whether_it_is_charged(status: int, units: str | None, wanted: object) -> None:
    response = of_model(status, {"detail": "no"})
    if units is not None:
        response.headers["x-fal-billable-units"] = units
    error = error_of_result(response, WORDS)
    assert isinstance(error, FalRejected | FalJobFailed)
    assert error.is_free is wanted


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        ({}, False),
        ({"X-Fal-Retryable": "true"}, False),
        ({"X-Fal-Retryable": "False"}, True),
        ({"X-Fal-Needs-Retry": "1"}, False),
        ({"X-Fal-Needs-Retry": "0"}, True),
    ],
)
def test_a_failure_is_final_where_fal_says_so(headers: dict[str, str], *, wanted: bool) -> None:
    response = of_model(500, {"detail": "Internal Server Error"})
    response.headers.update(headers)
    error = error_of_result(response, WORDS)
    assert isinstance(error, FalJobFailed)
    assert error.is_final is wanted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"detail": "Internal Server Error"}, ""),
        (
            {"detail": "Runner disconnected", "error_type": "runner_disconnected"},
            "runner_disconnected",
        ),
    ],
)
def test_a_failure_has_the_name_that_fal_gives_it(body: object, wanted: str) -> None:
    error = error_of_result(of_model(500, body), WORDS)
    assert isinstance(error, FalJobFailed)
    assert error.error_type == wanted
