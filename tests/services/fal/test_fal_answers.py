"""Answers of fal in every form that was seen, and some that nobody should send."""

import json
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from services.domain.clock import now
from services.errors import (
    FalError,
    FalFileRefused,
    FalResultGone,
    FalUnavailable,
)
from services.fal.client import FalClient
from services.fal.gateway import CancelOutcome, Ended, Job, JobStatus, Queued, Running, UnitPrice
from services.fal.platform import MOST_PAGES
from tests.services.fal.raw_server import Answer, hang_up, http, raw_server
from tests.services.kit import FAST, FLUX

KEY = "key-id:key-secret"
BASE = "https://queue.fal.run/fal-ai/flux-lora/requests/r"
JOB = Job("r", f"{BASE}/status", BASE, f"{BASE}/cancel")


def body(content: object, status: int = 200, extra: str = "") -> Answer:
    return http(status, json.dumps(content).encode(), extra=extra)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ({"status": "IN_QUEUE", "queue_position": 3}, Queued(3)),
        ({"status": " in_queue", "queue_position": 3.0}, Queued(3)),
        ({"status": "IN_QUEUE"}, Queued(None)),
        ({"status": "IN_QUEUE", "queue_position": None}, Queued(None)),
        ({"status": "IN_QUEUE", "queue_position": -1}, Queued(None)),
        ({"status": "IN_QUEUE", "queue_position": 1.5}, Queued(None)),
        ({"status": "IN_QUEUE", "queue_position": 10**30}, Queued(None)),
        ({"status": "IN_QUEUE", "queue_position": True}, Queued(None)),
        ({"status": "IN_QUEUE", "queue_position": []}, Queued(None)),
        ({"status": "IN_PROGRESS"}, Running(())),
        ({"status": "in_progress", "logs": "text"}, Running(())),
        ({"status": "DANCING"}, Running(())),
        ({"status": "FAILED", "logs": [{"message": "a"}]}, Running(("a",))),
        ({"status": "IN_PROGRESS", "logs": None}, Running(())),
        ({"status": "IN_PROGRESS", "logs": []}, Running(())),
        (
            {"status": "IN_PROGRESS", "logs": [{"message": "a"}, {"message": "b", "level": "X"}]},
            Running(("a", "b")),
        ),
        (
            {"status": "IN_PROGRESS", "logs": [{}, "text", {"message": None}]},
            Running(()),
        ),
        ({"status": "COMPLETED", "logs": None, "metrics": {}}, Ended(None)),
        ({"status": "COMPLETED", "logs": [], "metrics": {"inference_time": 1.5}}, Ended(None)),
        ({"status": "COMPLETED", "logs": []}, Ended(None)),
        ({"status": "completed"}, Ended(None)),
        ({"status": "Completed", "error": ["x"], "error_type": 5}, Ended(None)),
        (
            {
                "status": "COMPLETED",
                "logs": [],
                "error": "Runner disconnected",
                "error_type": "runner_disconnected",
            },
            Ended("runner_disconnected"),
        ),
        ({"status": "COMPLETED", "logs": [], "error": "Bad"}, Ended("Bad")),
    ],
)
async def test_a_status_is_read(answer: dict[str, object], wanted: JobStatus) -> None:
    async with raw_server(body(answer, 202)) as server, FalClient(KEY, server.url) as fal:
        assert await fal.status(JOB) == wanted
        assert server.requests == ["GET /queue/fal-ai/flux-lora/requests/r/status?logs=1"]


@pytest.mark.parametrize(
    "answer",
    [
        body({"status": None}),
        body({"status": "  "}),
        body({"status": 5}),
        body({}),
        body([]),
        body("text"),
        body(None),
        http(200, b"no json"),
        http(200, b""),
        body({"detail": "User is locked"}, 403),
        body({"detail": "Unauthorized"}, 401),
    ],
)
async def test_a_status_that_cannot_be_read_is_asked_for_later(answer: Answer) -> None:
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.status(JOB)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_job_that_fal_does_not_know_is_gone(status: int) -> None:
    async with (
        raw_server(body({"detail": "no"}, status)) as server,
        FalClient(KEY, server.url) as f,
    ):
        with pytest.raises(FalResultGone):
            await f.status(JOB)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (body({"status": "CANCELLATION_REQUESTED"}, 202), CancelOutcome.REQUESTED),
        (body({"status": "OK"}, 200), CancelOutcome.REMOVED),
        (body({"success": True}, 200), CancelOutcome.REQUESTED),
        (http(202, b""), CancelOutcome.REQUESTED),
        (body({"status": "ALREADY_COMPLETED"}, 400), CancelOutcome.TOO_LATE),
        (body({"status": "NOT_FOUND"}, 404), CancelOutcome.UNKNOWN_JOB),
        (body({"detail": "Not Found"}, 404), CancelOutcome.UNKNOWN_JOB),
        (body({"detail": "gone"}, 410), CancelOutcome.UNKNOWN_JOB),
    ],
)
async def test_a_cancel_is_answered(answer: Answer, wanted: CancelOutcome) -> None:
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        assert await fal.cancel(JOB) is wanted
        assert server.requests == ["PUT /queue/fal-ai/flux-lora/requests/r/cancel"]


@pytest.mark.parametrize("answer", [body({}, 500), body({}, 429), body({}, 403), hang_up])
async def test_a_cancel_that_fails_may_be_asked_again(answer: Answer) -> None:
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.cancel(JOB)


async def test_a_download_stops_at_its_limit_and_carries_no_key() -> None:
    async with raw_server(http(200, b"x" * 1000)) as server, FalClient(KEY, server.url) as fal:
        assert await fal.download("https://v3.fal.media/files/a.jpg", 1000) == b"x" * 1000
        with pytest.raises(FalFileRefused):
            await fal.download("https://v3.fal.media/files/a.jpg", 999)
        assert all("authorization" not in headers for headers in server.headers)
        assert server.requests[0] == "GET /cdn/files/a.jpg"


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        (http(404, b""), FalResultGone),
        (http(403, b""), FalResultGone),
        (http(410, b""), FalResultGone),
        (http(500, b""), FalUnavailable),
        (http(429, b""), FalUnavailable),
        (hang_up, FalUnavailable),
    ],
)
async def test_a_download_that_fails_says_whether_to_try_again(
    answer: Answer, wanted: type[FalError]
) -> None:
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(wanted):
            await fal.download("https://v3.fal.media/files/a.jpg", 1000)


def price(unit_price: object, unit: object, **more: object) -> dict[str, object]:
    return {"endpoint_id": FAST, "unit_price": unit_price, "unit": unit, **more}


async def test_prices_in_other_currencies_are_left_out() -> None:
    listed = [price(2, "1000 Steps", currency="USD"), price(1, "steps", currency="EUR")]
    async with raw_server(body({"prices": listed})) as server, FalClient(KEY, server.url) as fal:
        assert await fal.unit_prices([FAST, FLUX]) == [UnitPrice(FAST, "1000 steps", Decimal(2))]
        path = f"/api/v1/models/pricing?endpoint_id={FAST}&endpoint_id={FLUX}"
        assert server.requests == ["GET " + path.replace("fal-ai/", "fal-ai%2F")]


async def test_a_price_that_cannot_be_read_hides_no_other() -> None:
    listed = [None, {}, price("NaN", "steps"), price("x", "steps"), price(2, None), price(2, "MP")]
    async with raw_server(body({"prices": listed})) as server, FalClient(KEY, server.url) as fal:
        assert await fal.unit_prices([FAST]) == [UnitPrice(FAST, "mp", Decimal(2))]


@pytest.mark.parametrize(
    "answer",
    [
        body({"prices": None}),
        body([]),
        http(200, b"<html>"),
        body({}, 500),
        body({}, 401),
        hang_up,
    ],
)
async def test_a_price_list_that_cannot_be_read_is_unavailable(answer: Answer) -> None:
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.unit_prices([FAST])


def page(*items: dict[str, object], cursor: str | None = None) -> Answer:
    return body({"items": list(items), "next_cursor": cursor, "has_more": cursor is not None})


def item(request_id: str, json_input: object = None) -> dict[str, object]:
    found: dict[str, object] = {"request_id": request_id, "endpoint_id": FAST}
    return found if json_input is None else found | {"json_input": json_input}


MINE = item("mine", {"trigger_word": "ANNA_A3F2", "steps": 500})
OTHER = item("other", {"trigger_word": "BORIS_0001"})
UNKNOWN = item("unknown")


@pytest.mark.parametrize(
    ("pages", "wanted"),
    [
        ([page(OTHER, MINE)], ["mine"]),
        ([page()], []),
        ([page(OTHER)], []),
        ([page(UNKNOWN, OTHER)], []),
        ([page(UNKNOWN, MINE)], ["mine"]),
        ([body({"items": [None, 7, {}, {"request_id": "../x", "json_input": "ANNA_A3F2"}]})], []),
        ([page(item("a/b", "ANNA_A3F2"), MINE)], ["mine"]),
        ([page(OTHER, cursor="c1"), page(MINE)], ["mine"]),
        ([page(MINE, cursor="c1"), page(MINE)], ["mine"]),
        ([page(OTHER, cursor="c1"), page(MINE, cursor="c1")], ["mine"]),
        ([page(OTHER, cursor="c1"), body({}, 403)], None),
        ([body({}, 401)], None),
        ([body({}, 403)], None),
        ([body({}, 404)], None),
        ([body({}, 400)], None),
        ([body({}, 422)], None),
        ([page(OTHER, cursor=f"c{n}") for n in range(MOST_PAGES)], []),
    ],
)
async def test_the_history_is_searched(pages: list[Answer], wanted: list[str] | None) -> None:
    answers = iter(pages)

    async def answer(writer: object) -> None:
        await next(answers)(writer)  # type: ignore[arg-type]  # the server's own writer

    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        since = datetime(2026, 9, 1, 12, 0, 0, 5, timezone(timedelta(hours=3)))
        assert await fal.find_submissions(FAST, ["ANNA_A3F2"], since) == wanted
        assert len(server.requests) == len(pages)
        assert all("start=2026-09-01T09%3A00%3A00Z&" in asked for asked in server.requests)
        assert all("expand=payloads" in request for request in server.requests)


async def test_a_refused_question_to_the_history_is_logged_once_with_fals_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    refusal = body({"error": {"type": "validation_error", "message": "start: no offset"}}, 400)
    async with raw_server(refusal) as server, FalClient(KEY, server.url) as fal:
        for _ in range(3):
            assert await fal.find_submissions(FAST, ["ANNA_A3F2"], now()) is None
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == "fal's request history cannot tell (HTTP 400: start: no offset)"


@pytest.mark.parametrize(
    "answer", [body({}, status) for status in (500, 429, 408, 425)] + [body({"items": 1}), hang_up]
)
async def test_a_history_that_fails_is_asked_again_later(answer: Answer) -> None:
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.find_submissions(FAST, ["ANNA_A3F2"], now())


@pytest.mark.parametrize(
    "answer",
    [
        http(200, b"no json"),
        body({}),
        body([]),
        body({"token": 1}),
        body({"access_url": 5, "token": "t", "token_type": "b"}),
    ],
)
async def test_an_upload_to_a_server_that_makes_no_sense_may_be_tried_again(
    answer: Answer, tmp_path: Path
) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(b"zip")
    async with raw_server(answer) as server, FalClient(KEY, server.url) as fal:
        with pytest.raises(FalUnavailable):
            await fal.upload_archive(path)
