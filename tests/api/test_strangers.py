"""At every address: nobody else's things, nobody without a right, and no more than a key may."""

import time
from urllib.parse import parse_qsl, urlencode

import pytest

from api.callers import Limits
from services.domain.api_keys import KeyScope
from tests.api.kit import Answer, Caller, init_data
from tests.api.operations import DOCUMENT, OPERATIONS, Operation
from tests.api.test_generations import followed, order
from tests.api.test_photos import upload
from tests.services.kit import jpeg

NOBODYS = {"category_id"}
"""Ids of what everybody has."""

OWNED = [one for one in OPERATIONS if set(one.ids) - NOBODYS]

MINIMAL: dict[str, dict[str, object]] = {
    "/train": {"model_name": "Anna", "gender": "woman", "consent": True},
    "/generate": {"prompt": "a portrait"},
    "/pictures/{picture_id}/change": {"words": "another background"},
    "/draft": {"mode": "economy"},
    "/panel": {"count": 2},
    "/webhook": {"url": "http://127.0.0.1:1/"},
}
"""A body that is taken, by path."""

ids_of = pytest.mark.parametrize("operation", OWNED, ids=str)
at_each = pytest.mark.parametrize("operation", OPERATIONS, ids=str)


async def ask(caller: Caller, operation: Operation, **ids: object) -> Answer:
    headers = {name: str(time.time_ns()) for name in operation.required_headers}
    request = {"json": MINIMAL[operation.path]} if operation.takes_json else {}
    return await caller.ask(operation.method, operation.at(**ids), headers=headers, **request)


async def things_of(owner: Caller) -> dict[str, object]:
    """Have one of everything that has an id; return the ids by their names in paths."""
    model = await owner.own_model()
    made = (await order(owner, model_id=model.training_id)).body["id"]
    await followed(owner, f"/generations/{made}/events")
    await owner.chat.until(lambda: any(said.is_picture for said in owner.chat.messages))
    (photo,) = (await upload(owner, jpeg(1))).body["photos"]
    (picture,) = (await owner.get(f"/generations/{made}")).body["pictures"]
    return {
        "model_id": model.training_id,
        "generation_id": made,
        "picture_id": picture["id"],
        "photo_id": photo["photo_id"],
        "export_id": (await owner.ask("POST", "/export")).body["id"],
    }


@ids_of
async def test_what_is_somebody_elses_is_not_there(
    caller: Caller, stranger: Caller, operation: Operation
) -> None:
    things = await things_of(stranger)
    before = [(await stranger.get(path)).body for path in ("/models", "/draft")]
    foreign = await ask(caller, operation, **things)
    assert (foreign.status, foreign.code) == (404, "not-found")
    # As if it had never been, to the letter.
    unknown = {"photo_id": 2**40}
    none = await ask(caller, operation, **{name: unknown.get(name, "none") for name in things})
    assert (none.status, none.body) == (foreign.status, foreign.body)
    assert [(await stranger.get(path)).body for path in ("/models", "/draft")] == before
    # To its owner it is there, so that the test proves something.
    assert (await ask(stranger, operation, **things)).status != 404


def names_of(part: object) -> set[str]:
    """Return the names of all fields in a part of the document."""
    if isinstance(part, list):
        return set().union(*map(names_of, part))
    if not isinstance(part, dict):
        return set()
    found = set(part.get("properties", {})).union(*map(names_of, part.values()))
    if isinstance(ref := part.get("$ref"), str):
        found |= names_of(DOCUMENT["components"]["schemas"][ref.rpartition("/")[2]])
    return found


def test_ids_in_bodies_and_queries_are_those_that_are_tested() -> None:
    in_bodies = {
        (str(one), name)
        for one in OPERATIONS
        for name in names_of(one.said.get("requestBody", {}))
        if name.endswith(("_id", "_ids", "_url", "_urls"))
    }
    in_queries = {
        (str(one), each["name"])
        for one in OPERATIONS
        for each in one.said.get("parameters", ())
        if each["in"] == "query" and each["name"].endswith(("_id", "cursor"))
    }
    assert in_bodies == {
        ("POST /train", "photo_ids"),
        ("POST /generate", "model_id"),
        ("POST /generate", "second_model_id"),
    }
    assert in_queries == {
        ("GET /models", "cursor"),
        ("GET /generations", "cursor"),
        ("GET /pictures", "cursor"),
        ("GET /pictures", "model_id"),
    }


async def test_ids_of_others_in_bodies_lead_nowhere(caller: Caller, stranger: Caller) -> None:
    things = await things_of(stranger)
    await caller.own_model()
    for made in (
        await order(caller, model_id=things["model_id"]),
        await order(caller, second_model_id=things["model_id"]),
    ):
        assert (made.status, made.code) == (404, "not-found")
    await upload(caller, *(jpeg(number) for number in range(5)))
    body = MINIMAL["/train"] | {"photo_ids": [things["photo_id"]]}
    headers = {"Idempotency-Key": str(time.time_ns())}
    started = await caller.ask("POST", "/train", json=body, headers=headers)
    assert (started.status, started.code) == (409, "photos-differ")


@at_each
async def test_nobody_is_let_in_anywhere_without_a_right(
    caller: Caller, stranger: Caller, operation: Operation
) -> None:
    ids = dict.fromkeys(operation.ids, "1")
    token, mine = caller.product.bot.token, caller.id
    forged = dict(parse_qsl(caller.authorization.removeprefix("tma ")))
    forged["user"] = forged["user"].replace(str(mine), str(stranger.id))
    for given in (
        "",
        f"tma {init_data(mine, token, age_s=3700)}",
        f"tma {init_data(mine, token, age_s=-100)}",
        f"tma {init_data(mine, '1:another')}",
        f"tma {urlencode(forged)}",
        f"{caller.authorization}&user=%7B%22id%22%3A{stranger.id}%7D",
        "Bearer np_" + "A" * 43,
        "Bearer page.W10.0",
    ):
        caller.authorization = given
        answer = await ask(caller, operation, **ids)
        assert (answer.status, answer.code) == (401, "no-access"), given


@at_each
async def test_a_key_that_may_only_read_changes_nothing(
    caller: Caller, operation: Operation
) -> None:
    await caller.uses_key(KeyScope.READ)
    answer = await ask(caller, operation, **dict.fromkeys(operation.ids, "1"))
    if operation.method == "GET":
        assert answer.status != 403
    else:
        # A session is for pages alone.
        assert answer.status == 403, answer.body


@at_each
async def test_what_a_page_was_given_does_the_same_again_for_its_owner_alone(
    caller: Caller, operation: Operation
) -> None:
    """Replayed, initData is nobody else's, and without a word for it nothing is ordered."""
    if not operation.costs:
        return
    request = {"json": MINIMAL[operation.path]} if operation.takes_json else {}
    things = await things_of(caller)
    for _ in range(2):
        answer = await caller.ask(operation.method, operation.at(**things), **request)
        assert (answer.status, answer.code) == (422, "bad-request")
        assert answer.body["errors"][0]["pointer"] == "Idempotency-Key"


def test_who_is_not_known_may_guess_twenty_times_a_minute() -> None:
    assert Limits().strangers._per_s * 60 == 20
