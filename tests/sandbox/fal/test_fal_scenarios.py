"""Faults at fal's level and the control plane that sets them."""

import asyncio

import httpx
import pytest

from sandbox.fal import ClockMode
from sandbox.fal.failures import INFRASTRUCTURE_ERRORS, MODEL_ERRORS
from tests.sandbox.fal.fal_kit import FAST, FLUX, TRIGGER, Fal, archive, error_type

SMALL = {"prompt": "a king", "image_size": {"width": 64, "height": 64}}


@pytest.mark.parametrize("kind", list(MODEL_ERRORS))
async def test_a_model_failure_is_a_list_with_its_own_status(fal: Fal, kind: str) -> None:
    await fal.scenario(fail_training=kind)
    url = await fal.upload(archive())
    ticket = await fal.submit(FAST, {"images_data_url": url, "trigger_word": TRIGGER})
    ending = await fal.completed(ticket)
    assert "error" not in ending
    answer = await fal.result(ticket)
    assert (answer.status_code, error_type(answer)) == (MODEL_ERRORS[kind].status, kind)
    assert (await fal.records())[0]["charged_usd"] == 0


@pytest.mark.parametrize("kind", list(INFRASTRUCTURE_ERRORS))
async def test_an_infrastructure_failure_shows_in_status_and_result(fal: Fal, kind: str) -> None:
    await fal.scenario(fail_generation=kind)
    ticket = await fal.submit(FLUX, SMALL)
    ending = await fal.completed(ticket)
    code, message = INFRASTRUCTURE_ERRORS[kind]
    assert (ending["error"], ending["error_type"]) == (message, kind)
    answer = await fal.result(ticket)
    assert (answer.status_code, answer.headers["x-fal-error-type"]) == (code, kind)
    assert answer.json() == {"detail": message, "error_type": kind}


async def test_the_status_may_tell_of_a_model_failure(fal: Fal) -> None:
    await fal.scenario(fail_generation="no_media_generated", status_tells_model_errors=True)
    ending = await fal.completed(await fal.submit(FLUX, SMALL))
    assert ending["error"] == "Invalid status code: 422"


async def test_a_locked_account_is_told_at_submit_and_may_be_told_at_polls(fal: Fal) -> None:
    ticket = await fal.submit(FLUX, SMALL)
    await fal.scenario(locked=True)
    refused = await fal.post(FLUX, SMALL)
    assert refused.status_code == 403
    assert refused.json()["detail"].startswith("User is locked. Reason: Exhausted balance.")
    assert (await fal.status(ticket)).status_code in {200, 202}
    await fal.scenario(locked_polls=True)
    assert (await fal.status(ticket)).status_code == 403


async def test_used_up_credit_locks_the_account(fal: Fal) -> None:
    await fal.scenario(balance_usd=0.0001)
    await fal.result(await fal.submit(FLUX, SMALL))
    assert (await fal.post(FLUX, SMALL)).status_code == 403


async def test_the_key_may_stop_being_known(fal: Fal) -> None:
    await fal.scenario(bad_key=True)
    assert (await fal.post(FLUX, SMALL)).status_code == 401


async def test_strangers_ahead_leave_one_per_poll(fal: Fal) -> None:
    await fal.scenario(queue_ahead=3)
    ticket = await fal.submit(FLUX, SMALL)
    assert ticket["queue_position"] == 3
    positions = [(await fal.status(ticket)).json().get("queue_position") for _ in range(3)]
    assert positions == [3, 2, 1]
    await fal.completed(ticket)


async def test_a_lost_runner_puts_a_request_back_into_the_queue_once(fal: Fal) -> None:
    await fal.scenario(requeue_once=True)
    ticket = await fal.submit(FLUX, SMALL)
    seen = [body["status"] for body in await fal.followed(ticket)]
    assert "IN_QUEUE" in seen[seen.index("IN_PROGRESS") :]
    assert seen[-1] == "COMPLETED"
    record = (await fal.records())[0]
    assert record["gateway_request_id"] != record["request_id"]
    assert record["result_status"] == 200


async def test_without_retries_a_lost_runner_ends_the_request(fal: Fal) -> None:
    await fal.scenario(requeue_once=True)
    ticket = await fal.submit(FLUX, SMALL, headers={"X-Fal-No-Retry": "1"})
    assert (await fal.result(ticket)).status_code == 503


async def test_a_result_may_be_lost(fal: Fal) -> None:
    await fal.scenario(lose_result=True)
    assert (await fal.result(await fal.submit(FLUX, SMALL))).status_code == 404


async def test_an_accepted_submit_may_lose_its_answer(fal: Fal) -> None:
    await fal.scenario(drop_answer_of_submit=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await fal.post(FLUX, SMALL)
    assert [record["input"] for record in await fal.records()] == [SMALL]
    assert (await fal.post(FLUX, SMALL)).status_code == 200


async def test_an_ingress_error_is_html_without_a_request_id(fal: Fal) -> None:
    await fal.scenario(submit_error=502)
    answer = await fal.post(FLUX, SMALL)
    assert answer.status_code == 502
    assert "nginx" in answer.text
    assert "x-fal-request-id" not in answer.headers
    await fal.scenario(submit_error=429)
    assert (await fal.post(FLUX, SMALL)).headers["content-type"].startswith("application/json")
    assert await fal.records() == []


async def test_logs_may_be_missing_or_private(fal: Fal) -> None:
    ticket = await fal.submit(FLUX, SMALL)
    await fal.completed(ticket)
    await fal.scenario(no_logs=True)
    assert (await fal.status(ticket)).json()["logs"] is None
    await fal.scenario(no_logs=False, private_logs=True)
    assert (await fal.status(ticket)).json()["logs"] == []


async def test_the_clock_in_seconds_makes_a_generation_a_tenth_of_a_training(fal: Fal) -> None:
    fal.set_clock(ClockMode.SECONDS, 1)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await fal.result(await fal.submit(FLUX, SMALL))
    generation_s = loop.time() - began
    began = loop.time()
    await fal.trained(trigger_word=TRIGGER)
    training_s = loop.time() - began
    assert training_s >= 1
    assert 0.1 <= generation_s < training_s


async def test_a_faster_clock_reaches_running_jobs(fal: Fal) -> None:
    fal.set_clock(ClockMode.SECONDS, 3600)
    ticket = await fal.submit(FLUX, SMALL)
    await fal.until(ticket, lambda body: body["status"] == "IN_PROGRESS")
    url = f"{fal.url}/sandbox/clock"
    answer = await fal.http.put(url, json={"mode": "immediate"})
    assert answer.json() == {"mode": "immediate", "value": 30}
    await fal.completed(ticket)
    assert (await fal.http.get(url)).json()["mode"] == "immediate"


async def test_the_control_plane_refuses_what_it_does_not_know(fal: Fal) -> None:
    for path, body in (
        ("fal/scenario", {"explode": True}),
        ("fal/scenario", {"fail_training": "bad luck"}),
        ("fal/scenario", {"cancel_mode": "maybe"}),
        ("clock", {"mode": "moons"}),
        ("clock", {"mode": "seconds", "value": -1}),
        ("clock", {"mode": "polls", "value": "NaN"}),
    ):
        answer = await fal.http.put(f"{fal.url}/sandbox/{path}", json=body)
        assert answer.status_code == 422
        assert isinstance(answer.json()["error"], str)


async def test_a_scenario_is_changed_by_name_and_cleared_as_a_whole(fal: Fal) -> None:
    url = f"{fal.url}/sandbox/fal/scenario"
    await fal.scenario(nsfw=True)
    await fal.scenario(queue_ahead=2)
    shown = (await fal.http.get(url)).json()
    assert (shown["nsfw"], shown["queue_ahead"]) == (True, 2)
    assert (await fal.http.delete(url)).json()["nsfw"] is False


async def test_a_reset_empties_records_files_and_scenario(fal: Fal) -> None:
    file = await fal.upload(b"x")
    await fal.scenario(stall=True)
    ticket = await fal.submit(FLUX, SMALL)
    assert (await fal.http.post(f"{fal.url}/sandbox/fal/reset")).status_code == 200
    assert await fal.records() == []
    assert (await fal.http.get(file)).status_code == 404
    assert (await fal.status(ticket)).status_code == 404
    assert (await fal.result(await fal.submit(FLUX, SMALL))).status_code == 200


async def test_odd_forms_of_answers_can_be_switched_on(fal: Fal) -> None:
    ticket = await fal.submit(FLUX, SMALL)
    await fal.completed(ticket)
    await fal.scenario(lower_statuses=True)
    assert (await fal.status(ticket)).json()["status"] == "completed"
    await fal.scenario(redirect_reads=True)
    moved = await fal.http.get(ticket["response_url"], follow_redirects=False)
    assert moved.status_code == 307
    assert (await fal.http.get(ticket["response_url"], follow_redirects=True)).status_code == 200
    await fal.scenario(lower_statuses=False, redirect_reads=False, loose_output=True)
    told = (await fal.result(ticket)).json()
    assert (told["seed"], told["has_nsfw_concepts"]) == ("abc", [None])
    assert told["images"][0]["url"].startswith("http")
    assert told["images"][0]["width"] == 1024.5
