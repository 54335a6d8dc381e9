"""The queue on the wire: submit, status, result, cancel."""

import json
import uuid

import httpx
import pytest

from sandbox.fal import ClockMode
from tests.sandbox.fal.fal_kit import FAST, FLUX, Fal, archive

SMALL = {"prompt": "a king", "image_size": {"width": 64, "height": 64}}


async def test_submit_answers_as_fal_does(fal: Fal) -> None:
    answer = await fal.post(FLUX, SMALL)
    body = answer.json()
    assert answer.status_code == 200
    assert uuid.UUID(body["request_id"]).version == 7
    base = f"{fal.queue}/{FLUX}/requests/{body['request_id']}"
    assert body == {
        "status": "IN_QUEUE",
        "request_id": body["request_id"],
        "response_url": base,
        "status_url": f"{base}/status",
        "cancel_url": f"{base}/cancel",
        "logs": None,
        "metrics": {},
        "queue_position": 0,
    }
    assert answer.headers["x-fal-request-id"] == body["request_id"]


async def test_bad_input_is_accepted_and_fails_with_the_result(fal: Fal) -> None:
    ticket = await fal.submit(FLUX, {"num_images": 9})
    assert "error" not in await fal.completed(ticket)
    answer = await fal.result(ticket)
    assert answer.status_code == 422
    details = {tuple(detail["loc"]): detail for detail in answer.json()["detail"]}
    assert details["body", "prompt"]["type"] == "missing"
    assert details["body", "num_images"]["type"] == "less_than_equal"
    assert details["body", "num_images"]["ctx"] == {"le": 4}
    assert answer.headers["x-fal-billable-units"] == "0"


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000])
async def test_a_body_that_is_no_json_fails_with_the_result(fal: Fal, body: bytes) -> None:
    answer = await fal.http.post(f"{fal.queue}/{FLUX}", content=body)
    assert answer.status_code == 200
    assert (await fal.result(answer.json())).json()["detail"][0]["type"] == "json_invalid"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Key wrong:key", "No user found for Key ID and Secret"),
        ("Key no-colon", "Invalid Key Authorization header format."),
        ("Bearer sandbox-id:sandbox-secret", "Invalid Key Authorization header format."),
    ],
)
async def test_a_wrong_key_is_refused_everywhere(fal: Fal, header: str, words: str) -> None:
    ticket = await fal.submit(FLUX, SMALL)
    headers = {"Authorization": header}
    answers = [
        await fal.post(FLUX, SMALL, headers=headers),
        await fal.http.get(ticket["status_url"], headers=headers),
        await fal.http.get(ticket["response_url"], headers=headers),
        await fal.http.put(ticket["cancel_url"], headers=headers),
        await fal.http.post(f"{fal.url}/fal/rest/storage/auth/token", headers=headers),
        await fal.http.get(f"{fal.api}/models/pricing", headers=headers),
    ]
    assert [answer.status_code for answer in answers] == [401] * 6
    assert all(words in answer.json()["detail"] for answer in answers)


async def test_status_is_202_until_completed_and_logs_follow_the_wish(fal: Fal) -> None:
    fal.set_clock(ClockMode.POLLS, 1000)
    ticket = await fal.submit(FLUX, SMALL)
    await fal.until(ticket, lambda body: body["status"] == "IN_PROGRESS" and body["logs"])
    for logs, told in (("1", True), ("true", True), ("0", False), ("false", False)):
        answer = await fal.status(ticket, logs)
        body = answer.json()
        assert answer.status_code == 202
        assert isinstance(body["logs"], list) is told
        assert "queue_position" not in body
        assert body["metrics"] == {}
    slash = await fal.http.get(f"{ticket['status_url']}/", params={"logs": 0})
    assert slash.status_code == 202
    fal.set_clock(ClockMode.IMMEDIATE)
    await fal.completed(ticket)
    done = await fal.status(ticket, "0")
    assert (done.status_code, done.json()["logs"]) == (200, None)
    assert done.json()["metrics"]["inference_time"] >= 0


async def test_the_result_is_400_before_the_end_and_unwrapped_after_it(fal: Fal) -> None:
    await fal.scenario(stall=True)
    ticket = await fal.submit(FLUX, SMALL)
    early = await fal.http.get(ticket["response_url"])
    assert (early.status_code, early.json()) == (400, {"detail": "Request is still in progress"})
    await fal.scenario(stall=False)
    await fal.completed(ticket)
    for suffix in ("", "/", "/response"):
        answer = await fal.http.get(ticket["response_url"] + suffix)
        assert answer.status_code == 200
        assert set(answer.json()) == {"images", "timings", "seed", "has_nsfw_concepts", "prompt"}


async def test_unknown_requests_and_endpoints_are_404(fal: Fal) -> None:
    ticket = await fal.submit(FLUX, SMALL)
    nobody = f"{fal.queue}/{FLUX}/requests/{uuid.uuid4()}"
    elsewhere = f"{fal.queue}/{FAST}/requests/{ticket['request_id']}"
    for url in (nobody, f"{nobody}/status", elsewhere):
        assert (await fal.http.get(url)).status_code == 404
    cancelled = await fal.http.put(f"{nobody}/cancel")
    assert (cancelled.status_code, cancelled.json()) == (404, {"status": "NOT_FOUND"})
    assert (await fal.post("fal-ai/lora-trainer", {})).status_code == 404


async def test_a_path_that_an_app_lacks_fails_with_the_result(fal: Fal) -> None:
    answer = await fal.result(await fal.submit(f"{FLUX}/quality", SMALL))
    assert (answer.status_code, answer.json()) == (404, {"detail": "Path /quality not found"})


async def test_wrong_methods_and_sub_paths_are_405(fal: Fal) -> None:
    ticket = await fal.submit("fal-ai/flux-2/lora", SMALL)
    assert "/fal-ai/flux-2/requests/" in ticket["status_url"]
    sub_path = ticket["status_url"].replace("/flux-2/", "/flux-2/lora/")
    for answer in (
        await fal.http.get(f"{fal.queue}/{FLUX}"),
        await fal.http.head(f"{fal.queue}/{FLUX}"),
        await fal.http.get(sub_path),
        await fal.http.post(ticket["cancel_url"]),
    ):
        assert answer.status_code == 405
        assert "x-fal-request-id" in answer.headers


async def test_two_run_and_the_rest_wait_in_order(fal: Fal) -> None:
    await fal.scenario(stall=True)
    tickets = [await fal.submit(FLUX, SMALL) for _ in range(5)]
    await fal.until(tickets[1], lambda body: body["status"] == "IN_PROGRESS")
    waiting = [(await fal.status(ticket)).json() for ticket in tickets[2:]]
    assert [body["queue_position"] for body in waiting] == [0, 1, 2]
    assert all(body["logs"] is None for body in waiting)
    await fal.http.put(tickets[0]["cancel_url"])
    await fal.until(tickets[2], lambda body: body["status"] == "IN_PROGRESS")
    assert (await fal.status(tickets[3])).json()["queue_position"] == 0


async def test_cancel_answers_in_words_and_the_result_is_499(fal: Fal) -> None:
    await fal.scenario(stall=True)
    ticket = await fal.submit(FLUX, SMALL)
    answer = await fal.http.put(ticket["cancel_url"])
    assert (answer.status_code, answer.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    assert (await fal.result(ticket)).status_code == 499
    again = await fal.http.put(ticket["cancel_url"])
    assert (again.status_code, again.json()) == (400, {"status": "ALREADY_COMPLETED"})
    assert (await fal.records())[0]["charged_usd"] == 0


async def test_a_trainer_may_ignore_a_cancellation(fal: Fal) -> None:
    await fal.scenario(cancel_mode="ignore", stall=True)
    ticket = await fal.submit(FLUX, SMALL)
    assert (await fal.http.put(ticket["cancel_url"])).status_code == 202
    await fal.scenario(stall=False)
    assert (await fal.result(ticket)).status_code == 200
    assert (await fal.records())[0]["charged_usd"] > 0


async def test_a_waiting_request_may_be_removed_from_the_queue(fal: Fal) -> None:
    await fal.scenario(cancel_mode="removed", queue_ahead=100)
    ticket = await fal.submit(FLUX, SMALL)
    answer = await fal.http.put(ticket["cancel_url"])
    assert (answer.status_code, answer.json()) == (200, {"status": "OK"})
    assert (await fal.status(ticket)).status_code == 404


async def test_the_stream_tells_only_new_logs_and_ends_with_the_request(fal: Fal) -> None:
    fal.set_clock(ClockMode.POLLS, 4)
    ticket = await fal.submit(FLUX, SMALL)
    url = f"{ticket['status_url']}/stream"
    async with fal.http.stream("GET", url, params={"logs": 1}) as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        lines = [line async for line in answer.aiter_lines()]
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    events = [json.loads(text) for text in data]
    assert events[-1]["status"] == "COMPLETED"
    told = [entry["message"] for event in events for entry in event["logs"] or []]
    assert len(told) == len(set(told)) > 20


async def test_the_start_timeout_of_the_caller_ends_a_waiting_request(fal: Fal) -> None:
    await fal.scenario(queue_ahead=100)
    headers = {"X-Fal-Request-Timeout": "0.1"}
    answer = await fal.result(await fal.submit(FLUX, SMALL, headers=headers))
    assert answer.status_code == 504
    assert answer.headers["x-fal-request-timeout-type"] == "user"


async def test_the_queue_length_may_be_limited_by_the_caller(fal: Fal) -> None:
    await fal.scenario(queue_ahead=100)
    await fal.submit(FLUX, SMALL)
    answer = await fal.post(FLUX, SMALL, params={"fal_max_queue_length": "1"})
    assert answer.status_code == 429


async def test_the_synchronous_host_refuses_what_would_have_to_wait(fal: Fal) -> None:
    await fal.scenario(stall=True)
    for _ in range(2):
        await fal.submit(FLUX, SMALL)
    answer = await fal.http.post(f"{fal.url}/fal/run/{FLUX}", json=SMALL)
    assert (answer.status_code, answer.headers["x-fal-needs-retry"]) == (429, "1")


async def test_the_synchronous_host_waits_for_no_polls(fal: Fal) -> None:
    fal.set_clock(ClockMode.POLLS, 50)
    await fal.scenario(queue_ahead=9, requeue_once=True)
    answer = await fal.http.post(f"{fal.url}/fal/run/{FLUX}", json=SMALL)
    assert answer.status_code == 200
    refused = await fal.http.post(f"{fal.url}/fal/run/{FLUX}", json={})
    assert refused.status_code == 422


async def test_log_lines_slide_through_a_window_and_vary_in_form(fal: Fal) -> None:
    fal.set_clock(ClockMode.POLLS, 60)
    url = await fal.upload(archive())
    ticket = await fal.submit(FAST, {"images_data_url": url, "trigger_word": "A_1", "steps": 900})
    windows = [body["logs"] or [] for body in await fal.followed(ticket)]
    entries = {(entry["timestamp"], entry["message"]): entry for w in windows for entry in w}
    assert max(len(window) for window in windows) < len(entries)
    messages = [entry["message"] for entry in entries.values()]
    assert any(message.startswith("Downloading data") for message in messages)
    assert any("100%|██████████| 4/4 [" in message for message in messages)
    assert any(message.count("\r") == 2 and "/900 [" in message for message in messages)
    assert {entry["level"] for entry in entries.values()} == {"STDERR", "STDOUT"}
    stamps = {entry["timestamp"].endswith("Z") for entry in entries.values()}
    assert stamps == {True, False}


async def test_what_is_not_emulated_is_refused(fal: Fal) -> None:
    answer: httpx.Response = await fal.http.get(
        f"{fal.url}/fal/rest/.well-known/openid-configuration"
    )
    assert answer.status_code == 404
