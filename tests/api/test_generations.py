"""Pictures ordered over HTTP: once, within limits, and told in the chat as well."""

import asyncio
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from api import events
from services.domain.api_keys import KeyScope
from services.domain.states import GenerationState, TrainingState
from services.domain.vocabulary import PictureShape
from services.errors import (
    BudgetSpent,
    InvalidPrompt,
    KeyLimitReached,
    NoModelYet,
    NotFound,
    SecondUnfit,
    StillTraining,
)
from services.users.api_keys import DAILY_PICTURES
from tests.api.kit import Answer, Caller

PATIENCE_S = 60


async def order(
    caller: Caller,
    key: str | None = None,
    **asked: Any,  # noqa: ANN401
) -> Answer:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    body = {"prompt": "portrait photo"} | asked
    return await caller.ask("POST", "/generate", json=body, headers=headers)


async def count_of(caller: Caller) -> int:
    return len((await caller.get("/generations")).body["items"])


async def followed(caller: Caller, path: str) -> list[tuple[str, Any]]:
    """Return all events until the stream ends."""
    headers = {"Authorization": caller.authorization}
    found = []
    async with asyncio.timeout(PATIENCE_S), caller.http.get(f"/api{path}", headers=headers) as got:
        assert got.status == 200
        assert got.headers["Content-Type"].startswith("text/event-stream")
        for event in (await got.text()).split("\n\n"):
            if event.startswith("event: "):
                name, _, data = event.removeprefix("event: ").partition("\ndata: ")
                found.append((name, json.loads(data)))
    return found


async def test_pictures_are_made_and_come_to_the_chat_too(caller: Caller) -> None:
    model = await caller.own_model()
    ordered = await order(caller, model_id=model.training_id, count=2, seed=7, shape="1:1")
    assert (ordered.status, ordered.body["status"]) == (202, "accepted")
    address = ordered.headers["Location"].removeprefix("/api")
    told = await followed(caller, f"{address}/events")
    assert [name for name, _ in told] == ["change"] * len(told)
    assert told[-1][1] == (await caller.get(address)).body
    made = told[-1][1]
    assert (made["status"], made["seed"], made["shape"]) == ("made", 7, "1:1")
    assert len(made["pictures"]) == 2
    await caller.chat.until(lambda: any(said.is_picture for said in caller.chat.messages))
    file = await caller.get(made["pictures"][0]["file_url"].removeprefix("/api"))
    assert (file.status, file.headers["Content-Type"]) == (200, "image/jpeg")
    assert file.body.startswith(b"\xff\xd8")


async def test_a_second_person_is_in_pictures_where_they_are_named(caller: Caller) -> None:
    other, model = await caller.own_model(), await caller.own_model()
    ordered = await order(caller, second_model_id=other.training_id)
    assert ordered.status == 202
    made = (await caller.get(ordered.headers["Location"].removeprefix("/api"))).body
    assert (made["model_id"], made["second_model_id"]) == (model.training_id, other.training_id)
    alone = await order(caller)
    made = (await caller.get(alone.headers["Location"].removeprefix("/api"))).body
    assert made["second_model_id"] is None
    twice = await order(caller, second_model_id=model.training_id)
    assert (twice.status, twice.code) == (409, SecondUnfit.code)


async def test_what_is_not_named_is_as_it_was_chosen_in_the_chat(caller: Caller) -> None:
    await caller.own_model()
    async with caller.product.database.transaction() as tx:
        await tx.users.choose_options(
            caller.id, shape=PictureShape.WIDE, picture_count=3, lora_scale=0.8, kept_seed=5
        )
    made = (await order(caller)).body["id"]
    seen = (await caller.get(f"/generations/{made}")).body
    wanted = {"shape": "16:9", "count": 3, "strength": 0.8, "seed": 5}
    assert {name: seen[name] for name in wanted} == wanted


async def test_the_same_request_orders_once_however_often_it_comes(caller: Caller) -> None:
    await caller.own_model()
    answers = await asyncio.gather(*(order(caller, "one") for _ in range(20)))
    assert {answer.status for answer in answers} == {202}
    assert len({json.dumps(answer.body) for answer in answers}) == 1
    assert await count_of(caller) == 1


async def test_the_same_word_for_another_request_is_refused(
    caller: Caller, stranger: Caller
) -> None:
    await caller.own_model()
    await order(caller, "one")
    answer = await order(caller, "one", prompt="another one")
    assert (answer.status, answer.code) == (422, "request-key-reused")
    assert await count_of(caller) == 1
    # Words are the caller's own.
    await stranger.own_model()
    assert (await order(stranger, "one", prompt="another one")).status == 202


async def test_an_order_without_a_word_of_its_own_is_refused(caller: Caller) -> None:
    await caller.own_model()
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 101}):
        answer = await caller.ask("POST", "/generate", json={"prompt": "x"}, headers=headers)
        assert (answer.status, answer.code) == (422, "bad-request")
        assert answer.body["errors"][0]["pointer"] == "Idempotency-Key"
    assert await count_of(caller) == 0


async def test_an_order_whose_pictures_were_deleted_is_not_made_again(caller: Caller) -> None:
    model = await caller.own_model()
    await order(caller, "one")
    await caller.ask("DELETE", f"/models/{model.training_id}")
    await caller.own_model()
    answer = await order(caller, "one")
    assert (answer.status, answer.code) == (404, NotFound.code)
    assert await count_of(caller) == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"prompt": None},
        {"prompt": 7},
        {"prompt": "nul \x00"},
        {"prompt": "half \ud800"},
        {"telegram_id": 5},
        {"trigger_word": "X"},
        {"count": 0},
        {"count": 5},
        {"shape": "2:1"},
        {"seed": -1},
        {"seed": 2**31},
        {"strength": 3},
        {"model_id": "a/b"},
    ],
)
async def test_what_cannot_be_made_is_refused_with_its_place(
    caller: Caller, asked: dict[str, Any]
) -> None:
    await caller.own_model()
    answer = await order(caller, **asked)
    assert (answer.status, answer.code) == (422, "bad-request")
    assert [one["pointer"] for one in answer.body["errors"]] == [f"#/{next(iter(asked))}"]
    assert await count_of(caller) == 0


async def test_the_rules_of_the_chat_hold(caller: Caller, stranger: Caller) -> None:
    answer = await order(caller)
    assert (answer.status, answer.code) == (409, NoModelYet.code)
    await caller.chat.has_training(state=TrainingState.ASKING)
    answer = await order(caller)
    assert (answer.status, answer.code) == (409, StillTraining.code)
    await caller.own_model()
    for prompt in ("  ", "x" * 901):
        answer = await order(caller, prompt=prompt)
        assert (answer.status, answer.code) == (422, InvalidPrompt.code)
    foreign = await stranger.own_model()
    for model_id in (foreign.training_id, foreign.id, "none"):
        answer = await order(caller, model_id=model_id)
        assert (answer.status, answer.code) == (404, NotFound.code)
    answer = await order(caller, strength=0.75)
    assert answer.code == "bad-option-value"


async def test_a_body_that_is_none_or_too_long_is_refused(caller: Caller) -> None:
    headers = {"Idempotency-Key": "one", "Content-Type": "application/json"}
    for data, status in ((b"{", 422), (b"\xff", 400), (b"", 422), (b" " * 70_000, 413)):
        answer = await caller.ask("POST", "/generate", data=data, headers=headers)
        assert answer.status == status, data[:10]
        assert answer.code in {"bad-request", "body-too-large"}
    headers["Content-Type"] = "text/plain"
    answer = await caller.ask("POST", "/generate", data=b'{"prompt": "x"}', headers=headers)
    assert answer.status == 422


async def test_a_key_orders_within_its_own_limit(caller: Caller) -> None:
    await caller.own_model()
    await order(caller, count=4)
    await caller.uses_key(KeyScope.GENERATE)
    most = DAILY_PICTURES[0]
    for count in (4, 4, most - 8):
        assert (await order(caller, count=count)).status == 202
    answer = await order(caller, "more", count=1)
    assert (answer.status, answer.code) == (429, KeyLimitReached.code)
    assert int(answer.headers["Retry-After"]) > 3600
    # Neither the chat's own pictures nor those that were refused count.
    await caller.opens()
    assert (await order(caller, "more", count=1)).status == 202
    await caller.uses_key(KeyScope.READ)
    assert (await order(caller)).status == 403


async def test_a_limit_of_the_operator_says_when_to_come_again(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    await caller.own_model()
    ledger = caller.product.api.generations._ordering._ledger
    poor = type(ledger._limits)(daily_budget_usd=ledger._limits.daily_budget_usd * 0)
    monkeypatch.setattr(ledger, "_limits", poor)
    answer = await order(caller)
    assert (answer.status, answer.code) == (429, BudgetSpent.code)
    assert int(answer.headers["Retry-After"]) >= 3600
    assert await count_of(caller) == 0


async def test_events_are_for_the_owner_and_not_for_too_many(
    caller: Caller, stranger: Caller
) -> None:
    model = await caller.own_model()
    made = await waiting(caller, model.id)
    path = f"/generations/{made}/events"
    assert (await stranger.get(path)).status == 404
    headers = {"Authorization": caller.authorization}
    opened = []
    for _ in range(events.MOST):
        got = await caller.http.get(f"/api{path}", headers=headers)
        assert (await got.content.readline()).startswith(b"event: change")
        opened.append(got)
    answer = await caller.get(path)
    assert (answer.status, answer.code) == (429, "too-many-streams")
    for got in opened:
        got.close()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            got = await caller.http.get(f"/api{path}", headers=headers)
            if got.status == 200:
                break
            await asyncio.sleep(0.05)
    await caller.ask("DELETE", f"/models/{model.training_id}")
    assert "event: gone" in (await got.text())


async def waiting(caller: Caller, model_id: str) -> str:
    """Have a generation that nobody works on."""
    made = f"wait-{caller.id}"
    async with caller.product.database.transaction() as tx:
        model = await tx.models.get(model_id)
        assert model is not None
        await tx.generations.record(
            {
                "id": made,
                "user_id": caller.id,
                "chat_id": caller.id,
                "model_id": model_id,
                "origin": "api:waiting",
                "prompt": "x",
                "seed": 7,
                "state": GenerationState.ACCEPTED,
                # In the hands of nobody's carrier.
                "announced_at": model.created_at - timedelta(days=1),
            }
        )
    return made
