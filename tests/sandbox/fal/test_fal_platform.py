"""The platform API: prices, history, charges, balance, deletion."""

from base64 import b64decode

import pytest

from sandbox.fal.endpoints import ENDPOINTS
from tests.sandbox.fal.fal_kit import ADMIN, FAST, FLUX, TRIGGER, Fal, archive

SMALL = {"prompt": "a king", "image_size": {"width": 64, "height": 64}}


async def test_prices_are_per_unit_in_dollars(fal: Fal) -> None:
    answer = await fal.http.get(f"{fal.api}/models/pricing", params={"endpoint_id": [FAST, FLUX]})
    assert answer.json()["prices"] == [
        {"endpoint_id": FAST, "unit_price": 0.002, "unit": "steps", "currency": "USD"},
        {"endpoint_id": FLUX, "unit_price": 0.035, "unit": "megapixels", "currency": "USD"},
    ]
    everything = (await fal.http.get(f"{fal.api}/models/pricing")).json()["prices"]
    assert {price["endpoint_id"] for price in everything} == set(ENDPOINTS)
    unknown = await fal.http.get(f"{fal.api}/models/pricing?endpoint_id=fal-ai/lora-trainer")
    assert unknown.status_code == 404


async def test_a_request_whose_answer_was_lost_is_found_by_its_input(fal: Fal) -> None:
    await fal.result(await fal.submit(FLUX, SMALL))
    url = await fal.upload(archive())
    ticket = await fal.submit(FAST, {"images_data_url": url, "trigger_word": TRIGGER})
    await fal.completed(ticket)
    query = {"endpoint_id": FAST, "expand": "payloads"}
    history = f"{fal.api}/models/requests/by-endpoint"
    body = (await fal.http.get(history, params=query)).json()
    assert [item["request_id"] for item in body["items"]] == [ticket["request_id"]]
    item = body["items"][0]
    assert item["json_input"]["trigger_word"] == TRIGGER
    assert item["status_code"] == 200
    assert (body["has_more"], body["next_cursor"]) == (False, None)
    plain = (await fal.http.get(history, params={"endpoint_id": FAST})).json()["items"][0]
    assert "json_input" not in plain


async def test_the_history_is_filtered_and_paged(fal: Fal) -> None:
    history = f"{fal.api}/models/requests/by-endpoint"
    good = [await fal.submit(FLUX, SMALL) for _ in range(3)]
    bad = await fal.submit(FLUX, {})
    for ticket in [*good, bad]:
        await fal.completed(ticket)
    query = {"endpoint_id": FLUX}
    user_errors = (await fal.http.get(history, params=query | {"status": "user_error"})).json()
    assert [item["request_id"] for item in user_errors["items"]] == [bad["request_id"]]
    one = (
        await fal.http.get(history, params=query | {"request_id": good[0]["request_id"]})
    ).json()
    assert len(one["items"]) == 1
    first = (await fal.http.get(history, params=query | {"limit": "3"})).json()
    assert (len(first["items"]), first["has_more"]) == (3, True)
    rest = await fal.http.get(
        history, params=query | {"limit": "3", "cursor": first["next_cursor"]}
    )
    assert len(rest.json()["items"]) == 1
    assert b64decode(first["next_cursor"]) == b"2"
    assert rest.json()["next_cursor"] is None
    future = {"start": "2999-01-01T00:00:00Z"}
    assert (await fal.http.get(history, params=query | future)).json()["items"] == []
    fal.wall.shift = 2 * 86_400  # Two days later the default span of one day holds nothing.
    assert (await fal.http.get(history, params=query)).json()["items"] == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"endpoint_id": FLUX, "limit": "101"},
        {"endpoint_id": FLUX, "status": "odd"},
        {"endpoint_id": FLUX, "start": "soon"},
        {"endpoint_id": FLUX, "start": "2026-11-28T10:00:00+00:00"},
        {"endpoint_id": FLUX, "start": "2026-11-28T10:00:00"},
        {"endpoint_id": FLUX, "end": "2026-11-28 10:00"},
        {"endpoint_id": FLUX, "cursor": "x"},
        {"endpoint_id": FLUX, "cursor": "MA=="},  # Page 0.
        {"endpoint_id": FLUX, "limit": "0"},
    ],
)
async def test_the_history_refuses_bad_questions(fal: Fal, query: dict[str, str]) -> None:
    answer = await fal.http.get(f"{fal.api}/models/requests/by-endpoint", params=query)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "validation_error"


async def test_the_history_may_list_waiting_requests_late_or_only_to_admins(fal: Fal) -> None:
    history = f"{fal.api}/models/requests/by-endpoint?endpoint_id={FLUX}"
    await fal.scenario(queue_ahead=1000)
    await fal.submit(FLUX, SMALL)
    assert (await fal.http.get(history)).json()["items"] == []
    await fal.scenario(history_lists_queued=True)
    assert len((await fal.http.get(history)).json()["items"]) == 1
    await fal.scenario(history_lag_s=60)
    assert (await fal.http.get(history)).json()["items"] == []
    await fal.scenario(history_forbidden=True)
    assert (await fal.http.get(history)).status_code == 403
    assert (await fal.http.get(history, headers=ADMIN)).status_code == 200


async def test_payloads_are_missing_when_storing_was_switched_off(fal: Fal) -> None:
    ticket = await fal.submit(FLUX, SMALL, headers={"X-Fal-Store-IO": "0"})
    await fal.completed(ticket)
    query = {"endpoint_id": FLUX, "expand": "payloads"}
    answer = await fal.http.get(f"{fal.api}/models/requests/by-endpoint", params=query)
    assert "json_input" not in answer.json()["items"][0]


async def test_charges_balance_and_deletion_want_an_admin_key(fal: Fal) -> None:
    for answer in (
        await fal.http.get(f"{fal.api}/models/billing-events"),
        await fal.http.get(f"{fal.api}/account/billing"),
        await fal.http.delete(f"{fal.api}/models/requests/x/payloads"),
    ):
        assert answer.status_code == 403


async def test_only_success_is_charged_and_the_balance_falls(fal: Fal) -> None:
    await fal.scenario(balance_usd=10)
    url = await fal.upload(archive())
    ticket = await fal.submit(
        FAST, {"images_data_url": url, "trigger_word": TRIGGER, "steps": 500}
    )
    await fal.completed(ticket)
    failed = await fal.submit(FAST, {"images_data_url": url, "steps": 0})
    await fal.completed(failed)
    events = (await fal.http.get(f"{fal.api}/models/billing-events", headers=ADMIN)).json()
    assert [
        (event["request_id"], event["output_units"], event["cost_total"])
        for event in events["billing_events"]
    ] == [(ticket["request_id"], 500, 1.0)]
    none = await fal.http.get(
        f"{fal.api}/models/billing-events",
        params={"request_id": failed["request_id"]},
        headers=ADMIN,
    )
    assert none.json()["billing_events"] == []
    balance = await fal.http.get(f"{fal.api}/account/billing?expand=credits", headers=ADMIN)
    assert balance.json()["credits"] == {"current_balance": 9.0, "currency": "USD"}


async def test_a_cancelled_request_is_told_and_not_charged(fal: Fal) -> None:
    await fal.scenario(stall=True)
    ticket = await fal.submit(FLUX, SMALL)
    await fal.http.put(ticket["cancel_url"])
    await fal.completed(ticket)
    status = (await fal.status(ticket)).json()
    assert status["error_type"] == "client_cancelled"
    query = {"endpoint_id": FLUX, "request_id": ticket["request_id"]}
    listed = (await fal.http.get(f"{fal.api}/models/requests/by-endpoint", params=query)).json()
    assert listed["items"][0]["status_code"] == 499
    events = await fal.http.get(
        f"{fal.api}/models/billing-events",
        params={"request_id": ticket["request_id"]},
        headers=ADMIN,
    )
    assert events.json()["billing_events"] == []


async def test_deleting_payloads_deletes_what_was_made_but_not_what_was_uploaded(fal: Fal) -> None:
    url = await fal.upload(archive())
    ticket = await fal.submit(FAST, {"images_data_url": url, "trigger_word": TRIGGER})
    lora = (await fal.result(ticket)).json()["diffusers_lora_file"]["url"]
    target = f"{fal.api}/models/requests/{ticket['request_id']}/payloads"
    answer = await fal.http.delete(target, headers=ADMIN)
    assert [row["exception"] for row in answer.json()["cdn_delete_results"]] == [None, None]
    assert (await fal.http.get(lora)).status_code == 404
    assert (await fal.http.get(url)).status_code == 200
    unknown = await fal.http.delete(f"{fal.api}/models/requests/x/payloads", headers=ADMIN)
    assert unknown.status_code == 404


async def test_files_made_live_as_long_as_the_submit_asked(fal: Fal) -> None:
    lifecycle = '{"expiration_duration_seconds": 3600}'
    ticket = await fal.submit(
        FLUX, SMALL, headers={"X-Fal-Object-Lifecycle-Preference": lifecycle}
    )
    url = (await fal.result(ticket)).json()["images"][0]["url"]
    assert (await fal.http.get(url)).status_code == 200
    fal.wall.shift = 3700
    assert (await fal.http.get(url)).status_code == 404


async def test_the_table_of_endpoints_says_where_prices_come_from(fal: Fal) -> None:
    rows = (await fal.http.get(f"{fal.url}/sandbox/fal/endpoints")).json()["endpoints"]
    sources = {row["id"]: row["price_source"] for row in rows}
    assert sources[FAST] == sources[FLUX] == "facts"
    assert sources["fal-ai/flux-2/lora"] == "invented"
