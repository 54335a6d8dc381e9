"""Pictures that are changed over HTTP."""

from typing import Any

import pytest

from services.domain.vocabulary import Language
from services.editing.changes import groups
from tests.api.kit import Answer, Caller
from tests.api.test_generations import followed, order


async def a_picture(caller: Caller) -> str:
    model = await caller.own_model()
    made = (await order(caller, model_id=model.training_id, count=1)).body["id"]
    await followed(caller, f"/generations/{made}/events")
    await caller.chat.until(lambda: any(said.is_picture for said in caller.chat.messages))
    (picture,) = (await caller.get("/pictures")).body["items"]
    return str(picture["id"])


async def change(caller: Caller, picture_id: str, word: str = "1", **body: Any) -> Answer:  # noqa: ANN401
    headers = {"Idempotency-Key": word}
    path = f"/pictures/{picture_id}/change"
    return await caller.ask("POST", path, headers=headers, json=body)


async def test_ready_changes_have_names_in_the_callers_language(caller: Caller) -> None:
    picture_id = await a_picture(caller)
    answer = await caller.get(f"/pictures/{picture_id}/changes")
    assert answer.status == 200, answer.body
    first, group = answer.body["groups"][0], groups()[0]
    assert (first["id"], first["name"]) == (group.id, group.name.of(Language.EN))
    assert [one["id"] for one in first["changes"]] == [one.id for one in group.changes]
    assert (await caller.get("/prices")).body["has_changes"] is True


@pytest.mark.parametrize("body", [{"words": "a beach"}, {"change": groups()[0].changes[0].id}])
async def test_a_change_is_a_generation(caller: Caller, body: dict[str, str]) -> None:
    picture_id = await a_picture(caller)
    ordered = await change(caller, picture_id, **body)
    assert ordered.status == 202, ordered.body
    made = f"/generations/{ordered.body['id']}"
    assert ordered.headers["Location"] == f"/api{made}"
    assert (await followed(caller, f"{made}/events"))[-1][1]["status"] == "made"
    (picture,) = (await caller.get(made)).body["pictures"]
    assert picture["id"] != picture_id


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad-request"),
        ({"words": "a", "change": "b"}, "bad-request"),
        ({"words": " "}, "invalid-prompt"),
        ({"change": "none"}, "bad-option-value"),
    ],
)
async def test_one_of_both_is_named(caller: Caller, body: dict[str, str], code: str) -> None:
    answer = await change(caller, await a_picture(caller), **body)
    assert (answer.status, answer.code) == (422, code)
