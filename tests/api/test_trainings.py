"""Trainings over HTTP: once, of the photos that were named, and told in the chat as well."""

import asyncio
import re
import uuid
from typing import Any

import pytest

from services.domain.api_keys import KeyScope
from services.errors import (
    InvalidName,
    KeyLimitReached,
    NotFound,
    NothingToCancel,
    PhotosDiffer,
    TooFewPhotos,
)
from tests.api.kit import Answer, Caller
from tests.api.test_generations import followed, order
from tests.api.test_photos import upload
from tests.services.kit import jpeg


async def train(
    caller: Caller,
    key: str | None = None,
    **asked: Any,  # noqa: ANN401
) -> Answer:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    body = {"model_name": "Anna", "gender": "woman", "consent": True} | asked
    return await caller.ask("POST", "/train", json=body, headers=headers)


async def test_a_program_does_all_of_it_and_the_chat_tells(caller: Caller) -> None:
    await caller.uses_key(KeyScope.TRAIN)
    sent = (await upload(caller, *(jpeg(number) for number in range(5)))).body["photos"]
    ids = [one["photo_id"] for one in sent]
    started = await train(caller, photo_ids=ids, mode="economy", trainer="fast")
    assert started.status == 202, started.body
    assert re.fullmatch(r"ANNA_[A-F0-9]{4}", started.body["trigger_word"])
    model_id = started.body["model_id"]
    told = await followed(caller, f"/train/status/{model_id}/events")
    last = told[-1][1]
    assert (last["status"], last["progress"]) == ("completed", 100)
    assert last["trigger_word"] == started.body["trigger_word"]
    assert last["model_url"].startswith("http")
    (model,) = (await caller.get("/models")).body["items"]
    assert (model["model_id"], model["model_name"]) == (model_id, "Anna")
    assert (await order(caller, model_id=model_id)).status == 202
    await caller.chat.until(lambda: any("Anna" in text for text in caller.chat.texts))
    await caller.chat.until(lambda: any(said.is_picture for said in caller.chat.messages))
    assert (await caller.get("/draft")).body["photos"] == []


async def test_the_same_request_starts_one_training(caller: Caller) -> None:
    await upload(caller, *(jpeg(number) for number in range(5)))
    answers = await asyncio.gather(*(train(caller, "one") for _ in range(10)))
    assert {answer.status for answer in answers} == {202}
    assert len({answer.body["model_id"] for answer in answers}) == 1
    assert (await train(caller, "one", model_name="Berta")).code == "request-key-reused"
    # The word of an order of pictures is not one of a training.
    await caller.own_model()
    assert (await order(caller, "one")).code == "request-key-reused"


async def test_it_is_trained_on_the_named_photos_or_not_at_all(
    caller: Caller, stranger: Caller
) -> None:
    sent = (await upload(caller, *(jpeg(number) for number in range(6)))).body["photos"]
    ids = [one["photo_id"] for one in sent]
    (foreign,) = (await upload(stranger, jpeg(1))).body["photos"]
    for named in (ids[:5], [*ids, foreign["photo_id"]], [*ids, 10**12], []):
        answer = await train(caller, photo_ids=named)
        assert (answer.status, answer.code) == (409, PhotosDiffer.code)
    await caller.ask("DELETE", f"/photos/{ids[5]}")
    assert (await train(caller, photo_ids=ids[:5])).status == 202


async def test_the_rules_of_the_chat_hold(caller: Caller) -> None:
    answer = await train(caller)
    assert (answer.status, answer.code) == (409, TooFewPhotos.code)
    await upload(caller, jpeg(1))
    answer = await train(caller)
    assert (answer.status, answer.code) == (409, TooFewPhotos.code)
    assert (await train(caller, model_name=" ")).code == InvalidName.code
    assert (await train(caller, trainer="none")).code == "bad-option-value"


@pytest.mark.parametrize(
    "asked",
    [
        {"consent": False},
        {"consent": None},
        {"trigger_word": "MINE"},
        {"telegram_id": 5},
        {"gender": "robot"},
        {"mode": "best"},
        {"model_name": "nul \x00"},
        {"photo_ids": ["x"]},
    ],
)
async def test_what_cannot_be_trained_is_refused(caller: Caller, asked: dict[str, Any]) -> None:
    answer = await train(caller, **asked)
    assert (answer.status, answer.code) == (422, "bad-request")
    assert answer.body["errors"][0]["pointer"].startswith(f"#/{next(iter(asked))}")


async def test_a_key_starts_no_more_trainings_than_it_may(caller: Caller) -> None:
    await caller.uses_key(KeyScope.TRAIN)
    await upload(caller, *(jpeg(number) for number in range(5)))
    first = (await train(caller)).body["model_id"]
    await followed(caller, f"/train/status/{first}/events")
    await upload(caller, *(jpeg(number) for number in range(5)))
    answer = await train(caller)
    assert (answer.status, answer.code) == (429, KeyLimitReached.code)
    # Nothing of the draft is lost, and the chat may still start it.
    assert (await caller.get("/draft")).body["accepted"] == 5
    await caller.opens()
    assert (await train(caller)).status == 202


async def test_a_training_of_somebody_else_is_not_there(caller: Caller, stranger: Caller) -> None:
    await upload(stranger, *(jpeg(number) for number in range(5)))
    model_id = (await train(stranger)).body["model_id"]
    for method, path in (
        ("GET", f"/train/status/{model_id}"),
        ("GET", f"/train/status/{model_id}/events"),
        ("POST", f"/train/cancel/{model_id}"),
    ):
        answer = await caller.ask(method, path)
        assert (answer.status, answer.code) == (404, NotFound.code)
    await followed(stranger, f"/train/status/{model_id}/events")
    answer = await stranger.ask("POST", f"/train/cancel/{model_id}")
    assert (answer.status, answer.code) == (409, NothingToCancel.code)
