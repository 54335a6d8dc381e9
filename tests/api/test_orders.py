"""Whatever costs is ordered once for a word of the caller's, and never without the money."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from api.app import Served, build_app
from api.callers import Limits
from api.limits import RateLimit
from bot.listener import listening
from bot.web import serving
from services.domain.api_keys import KeyScope
from services.domain.clock import now
from services.domain.vocabulary import ChargeKind
from tests.api.kit import Answer, Caller
from tests.api.operations import OPERATIONS, Operation
from tests.api.test_generations import followed, order
from tests.api.test_photos import upload
from tests.conftest import sqlite_template
from tests.handlers.chat import running_product
from tests.services.kit import jpeg

COSTING = [one for one in OPERATIONS if one.costs]

FREE = {
    "POST /session",
    "POST /export",
    "POST /upload-photos",
    "POST /photos/{photo_id}/turn",
    "POST /train/cancel/{model_id}",
    "POST /webhook/test",
    "POST /pictures/{picture_id}/share",
}
"""What may be posted again and again at no cost."""


@dataclass(frozen=True)
class Wanted:
    """An order: where it goes, and its body; `other` is another order of the same kind."""

    path: str
    body: dict[str, Any] | None
    other: "Wanted | None" = None


async def a_training(caller: Caller) -> Wanted:
    await upload(caller, *(jpeg(number) for number in range(5)))
    body = {"model_name": "Anna", "gender": "woman", "consent": True}
    return Wanted("/train", body, Wanted("/train", body | {"model_name": "Kate"}))


async def pictures(caller: Caller) -> Wanted:
    await caller.own_model()
    body = {"prompt": "a portrait"}
    return Wanted("/generate", body, Wanted("/generate", body | {"prompt": "another"}))


async def a_change(caller: Caller) -> Wanted:
    larger = await an_enlargement(caller)
    path = larger.path.replace("/enlarge", "/change")
    return Wanted(path, {"words": "a beach"}, Wanted(path, {"words": "a forest"}))


async def an_enlargement(caller: Caller) -> Wanted:
    model = await caller.own_model()
    ordered = await order(caller, count=2)
    if ordered.status == 402:
        await caller.own_result(model, pictures=2)
    else:
        await followed(caller, f"/generations/{ordered.body['id']}/events")
        await caller.chat.until(lambda: any(said.is_picture for said in caller.chat.messages))
    first, second = (one["id"] for one in (await caller.get("/pictures")).body["items"])
    other = Wanted(f"/pictures/{second}/enlarge", None)
    return Wanted(f"/pictures/{first}/enlarge", None, other)


MAKERS: dict[str, Callable[[Caller], Awaitable[Wanted]]] = {
    "POST /train": a_training,
    "POST /generate": pictures,
    "POST /pictures/{picture_id}/enlarge": an_enlargement,
    "POST /pictures/{picture_id}/change": a_change,
}

each = pytest.mark.parametrize("operation", COSTING, ids=str)


async def post(caller: Caller, wanted: Wanted, word: str) -> Answer:
    request = {} if wanted.body is None else {"json": wanted.body}
    return await caller.ask("POST", wanted.path, headers={"Idempotency-Key": word}, **request)


async def charged(caller: Caller, operation: Operation) -> int:
    """Return how much of its kind was ordered; a training brings pictures of its own."""
    kind = ChargeKind.TRAINING if operation.path == "/train" else ChargeKind.IMAGE
    async with caller.product.database.transaction() as tx:
        return await tx.charges.amount_of(caller.id, kind, now() - timedelta(days=1))


def test_whatever_costs_is_known_and_needs_a_word() -> None:
    posts = {str(one) for one in OPERATIONS if one.method == "POST"}
    assert posts == {*MAKERS, *FREE}, "a new POST: does it cost something?"
    assert {str(one) for one in COSTING} == set(MAKERS)
    with_a_word = {str(one) for one in OPERATIONS if "Idempotency-Key" in one.required_headers}
    assert with_a_word == set(MAKERS)


@each
@pytest.mark.parametrize("word", ["one", "x" * 100])
async def test_the_same_request_orders_once_however_often_it_comes(
    caller: Caller, operation: Operation, word: str
) -> None:
    await caller.uses_key(KeyScope.TRAIN)
    wanted = await MAKERS[str(operation)](caller)
    before = await charged(caller, operation)
    answers = await asyncio.gather(*(post(caller, wanted, word) for _ in range(5)))
    answers.append(await post(caller, wanted, word))
    assert {one.status for one in answers} == {202}, answers
    assert len({json.dumps(one.body) for one in answers}) == 1
    assert await charged(caller, operation) == before + 1


@each
async def test_a_word_is_for_one_request_of_one_person(
    caller: Caller, stranger: Caller, operation: Operation
) -> None:
    wanted = await MAKERS[str(operation)](caller)
    assert wanted.other is not None
    first = await post(caller, wanted, "the-same")
    assert first.status == 202, first.body
    again = await post(caller, wanted.other, "the-same")
    assert (again.status, again.code) == (422, "request-key-reused")
    theirs = await MAKERS[str(operation)](stranger)
    other = await post(stranger, theirs, "the-same")
    assert other.status == 202
    assert other.body != first.body


@each
async def test_no_word_is_taken_that_is_none(caller: Caller, operation: Operation) -> None:
    wanted = await MAKERS[str(operation)](caller)
    for word in ("", "x" * 101, "a b", "ключ"):
        answer = await post(caller, wanted, word)
        assert (answer.status, answer.code) == (422, "bad-request"), word


@pytest_asyncio.fixture
async def payer(tmp_path: Path) -> AsyncIterator[Caller]:
    """Somebody who pays, and has nothing."""
    path = tmp_path / "bot.db"
    path.write_bytes(sqlite_template())

    async def untroubled() -> list[str]:
        return []

    url = f"sqlite+aiosqlite:///{path}"
    often = RateLimit(burst=10**6, per_minute=10**6)
    async with running_product(url, http_port=1, payments="stars") as product:
        with listening("127.0.0.1", 0) as listener:
            base = f"http://127.0.0.1:{listener.getsockname()[1]}"
            app = build_app(Served(untroubled, api=product.api), Limits(often, often))
            async with serving(app, listener), aiohttp.ClientSession(base) as http:
                chat = product.newcomer()
                await chat.say("/start")
                yield await Caller(product, http, chat).opens()


@each
async def test_nothing_is_ordered_without_the_money(payer: Caller, operation: Operation) -> None:
    wanted = await MAKERS[str(operation)](payer)
    before = await charged(payer, operation)
    for _ in range(2):
        answer = await post(payer, wanted, "one")
        assert (answer.status, answer.code) == (402, "credits-missing"), answer.body
    assert await charged(payer, operation) == before
    balance = (await payer.get("/balance")).body
    assert (balance["available"], balance["held"]) == (0, 0)
    async with payer.product.database.transaction() as tx:
        assert await tx.invariants.broken() == {}
        assert await tx.api_requests.find(payer.id, "one") is None
