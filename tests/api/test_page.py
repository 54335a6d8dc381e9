"""What a page needs that programs do not: sessions, addresses of pictures, and one stream."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from fastapi import Request
from sqlalchemy import event

from api import events, everything
from api.callers import Caller as ApiCaller
from api.signatures import PAGE_LIVES_S, SESSION_S, Signatures
from db import tables
from db.database import Database
from services.domain.api_keys import KeyScope
from services.domain.values import Place
from tests.api.kit import Caller
from tests.api.test_photos import upload
from tests.services.kit import jpeg
from tests.values import set_columns
from texts.reader import Texts

NOW = 1_800_000_000
SIGNS = Signatures(b"secret")


def test_a_session_lives_an_hour_and_its_page_a_day() -> None:
    made = SIGNS.token_of(7, NOW, NOW)
    assert made is not None
    token, session = made
    assert SIGNS.session_of(token, NOW + SESSION_S - 1) == session
    assert SIGNS.session_of(token, NOW + SESSION_S) is None
    assert Signatures(b"another").session_of(token, NOW) is None
    late = SIGNS.token_of(7, NOW, NOW + PAGE_LIVES_S - 60)
    assert late is not None
    assert late[1].ends_at == NOW + PAGE_LIVES_S
    assert SIGNS.token_of(7, NOW, NOW + PAGE_LIVES_S) is None


@pytest.mark.parametrize("token", ["page.", "page..", "page.WzFd.00", "page.é.é", "page.\x00.x"])
def test_a_session_that_is_not_ours_is_none(token: str) -> None:
    assert SIGNS.session_of(token, NOW) is None


async def test_a_page_calls_with_its_session_and_renews_it(caller: Caller) -> None:
    first = (await caller.ask("POST", "/session")).body
    caller.authorization = f"Bearer {first['token']}"
    assert (await caller.get("/me")).body["id"] == caller.id
    again = await caller.ask("POST", "/session")
    assert again.status == 200
    caller.authorization = f"Bearer {first['token']}x"
    assert (await caller.get("/me")).code == "no-access"


async def test_a_key_gets_no_session(caller: Caller) -> None:
    await caller.uses_key(KeyScope.TRAIN)
    assert (await caller.ask("POST", "/session")).status == 403


async def test_a_picture_opens_by_its_address_for_a_while_and_nothing_else_does(
    caller: Caller, stranger: Caller, http: aiohttp.ClientSession
) -> None:
    await caller.own_result(await caller.own_model())
    await stranger.own_result(await stranger.own_model())
    mine = (await caller.get("/pictures")).body["items"][0]
    other = (await stranger.get("/pictures")).body["items"][0]
    for name in ("file_url", "thumbnail_url"):
        async with http.get(mine[name]) as answer:
            # Its owner is known; fal keeps no file of what a test has put into the database.
            assert answer.status == 404
    query = mine["file_url"].partition("?")[2]
    forged = [
        f"/api/pictures/{other['id']}/file?{query}",
        f"/api/me?{query}",
        mine["file_url"].replace(f"user={caller.id}", f"user={stranger.id}"),
        mine["file_url"].replace("until=1", "until=9"),
        mine["file_url"].replace("signature=", "signature=é"),
        caller.product.api.signatures.address(f"/pictures/{mine['id']}/file", caller.id, 0),
    ]
    for address in forged:
        async with http.get(address) as answer:
            assert answer.status == 401, address
    async with http.delete(f"/api/pictures/{mine['id']}?{query}") as answer:
        assert answer.status == 401


async def test_the_stream_tells_of_the_draft_and_of_what_is_made(
    caller: Caller, http: aiohttp.ClientSession
) -> None:
    headers = {"Authorization": caller.authorization}
    async with http.get("/api/events", headers=headers) as stream:
        assert (await _event(stream))["draft"]["is_begun"] is False
        await caller.product.api.drafts.begin(caller.id, Place(caller.id))
        assert (await _event(stream))["draft"]["is_begun"] is True
        made = await caller.own_result(await caller.own_model())
        while not (found := (await _event(stream))["generations"]):
            pass
        assert found[0]["id"] == made


async def test_a_page_that_shows_nothing_new_costs_little(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = await caller.own_model()
    for _ in range(6):
        await caller.own_result(model, pictures=2)
    monkeypatch.setattr(events, "LOOK_EVERY_S", 0.0)
    # So that each look at which there is nothing new is told.
    monkeypatch.setattr(events, "HEARTBEAT_S", -1.0)
    user = await caller.product.api.users.known(caller.id)
    assert user is not None
    state = SimpleNamespace(streams=Counter())
    request = Request({"type": "http", "app": SimpleNamespace(state=state)})
    stream = await everything.everything(
        ApiCaller(user, Texts(user.language)), caller.product.api, request
    )
    said = aiter(stream.body_iterator)
    assert "event: change" in str(await anext(said))
    statements = transactions = 0
    mine = asyncio.current_task()

    def note(*_: object) -> None:
        nonlocal statements
        # The bot is at work beside this.
        statements += asyncio.current_task() is mine

    def begin(*_: object) -> None:
        nonlocal transactions
        transactions += asyncio.current_task() is mine

    engine = caller.product.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    event.listen(engine, "begin", begin)
    try:
        assert [await anext(said) for _ in range(5)] == [":\n\n"] * 5
    finally:
        event.remove(engine, "before_cursor_execute", note)
        event.remove(engine, "begin", begin)
    assert (statements, transactions) == (20, 5)


async def test_the_stream_tells_of_each_kind_of_change_by_another_process(
    caller: Caller, http: aiohttp.ClientSession
) -> None:
    model = await caller.own_model()
    made = await caller.own_result(model)
    (photo,) = (await upload(caller, jpeg(1))).body["photos"]
    elsewhere = Database(caller.product.database.url)
    changes: list[tuple[type[tables.Table], Any, dict[str, Any], Callable[[Any], Any]]] = [
        (
            tables.Photo,
            photo["photo_id"],
            {"label": "b.jpg"},
            lambda told: told["draft"]["photos"][0]["name"] == "b.jpg",
        ),
        (
            tables.Training,
            model.training_id,
            {"trigger_word": f"BEA_{caller.id}"},
            lambda told: told["trainings"][0]["trigger_word"] == f"BEA_{caller.id}",
        ),
        (
            tables.Model,
            model.id,
            {"name": "Bea"},
            lambda told: told["trainings"][0]["model_name"] == "Bea",
        ),
        (tables.Generation, made, {"seed": 8}, lambda told: told["generations"][0]["seed"] == 8),
        (
            tables.Picture,
            await _picture_id(caller),
            {"is_favourite": True},
            lambda told: told["generations"][0]["pictures"][0]["is_favourite"],
        ),
    ]
    headers = {"Authorization": caller.authorization}
    async with asyncio.timeout(20), http.get("/api/events", headers=headers) as stream:
        await _event(stream)
        for kind, row_id, columns, is_told in changes:
            await set_columns(elsewhere, kind, row_id, **columns)
            assert is_told(await _event(stream)), columns
    await elsewhere.close()


async def _picture_id(caller: Caller) -> str:
    return str((await caller.get("/pictures")).body["items"][0]["id"])


async def _event(stream: aiohttp.ClientResponse) -> Any:  # noqa: ANN401  # JSON
    async for line in stream.content:
        if line.startswith(b"data: "):
            return json.loads(line[6:])
    raise AssertionError("the stream has ended")


async def test_what_is_chosen_on_the_page_is_chosen_in_the_chat(caller: Caller) -> None:
    choices = {"model_name": "Anna", "gender": "woman", "mode": "economy"}
    assert (await caller.ask("PATCH", "/draft", json=choices)).code == "consent-missing"
    answer = await caller.ask("PATCH", "/draft", json={**choices, "consent": True})
    assert answer.status == 200, answer.body
    assert {name: answer.body[name] for name in choices} == choices
    draft = await caller.chat.draft()
    assert draft is not None
    assert (draft.name, draft.subject, draft.mode) == ("Anna", "woman", "economy")
    changed = (await caller.ask("PATCH", "/draft", json={"gender": "man"})).body
    assert (changed["gender"], changed["model_name"]) == ("man", "Anna")
    assert (await caller.ask("PATCH", "/draft", json={"trainer": "none"})).status == 409


async def test_a_photo_is_turned_clockwise(caller: Caller, stranger: Caller) -> None:
    (photo,) = (await upload(caller, jpeg(1))).body["photos"]
    path = f"/photos/{photo['photo_id']}/turn"
    # Nobody has looked at it, as the coach is off here.
    assert photo["can_turn"] is False
    assert (await caller.ask("POST", path)).status == 409
    async with caller.product.database.transaction() as tx:
        await tx.photos.note_seen(photo["photo_id"], {"faces": 1})
    assert (await stranger.ask("POST", path)).status == 404
    assert (await caller.ask("POST", path)).status == 204
    (turned,) = (await caller.get("/draft")).body["photos"]
    assert turned["thumbnail_url"].endswith("turn=3")
    async with caller.product.database.transaction() as tx:
        kept = await tx.photos.lock(photo["photo_id"])
    assert kept is not None
    assert kept.seen is not None
    assert kept.seen["turn"] == 3


async def test_a_page_does_not_wait_for_the_verdicts(caller: Caller) -> None:
    form = aiohttp.FormData()
    form.add_field("photos", jpeg(1), filename="a.jpg")
    params = {"consent": "true", "wait": "false"}
    answer = await caller.ask("POST", "/upload-photos", data=form, params=params)
    assert answer.body["photos"][0]["photo_id"] is not None


async def test_favourites_are_marked_and_unmarked(caller: Caller, stranger: Caller) -> None:
    await caller.own_result(await caller.own_model())
    picture = (await caller.get("/pictures")).body["items"][0]["id"]
    path = f"/pictures/{picture}/favourite"
    for method, marked in (("PUT", True), ("PUT", True), ("DELETE", False)):
        assert (await stranger.ask(method, path)).status == 404
        assert (await caller.ask(method, path)).status == 204
        assert (await caller.get("/pictures")).body["items"][0]["is_favourite"] is marked


async def test_the_panel_is_that_of_the_chat(caller: Caller) -> None:
    assert (await caller.get("/panel")).status == 409
    await caller.own_model()
    chosen = {"shape": "16:9", "count": 3, "size": "hd", "strength": 0.8}
    panel = (await caller.ask("PATCH", "/panel", json=chosen)).body
    assert {name: panel[name] for name in chosen} == chosen
    assert (await caller.get("/me")).body["choices"]["count"] == 3
    assert (panel["price_usd"], panel["price_stars"]) == (None, None)


async def test_a_picture_is_enlarged_once_for_one_key(caller: Caller, stranger: Caller) -> None:
    await caller.own_result(await caller.own_model())
    picture = (await caller.get("/pictures")).body["items"][0]["id"]
    path, key = f"/pictures/{picture}/enlarge", {"Idempotency-Key": str(time.time())}
    assert (await stranger.ask("POST", path, headers=key)).status == 404
    first = await caller.ask("POST", path, headers=key)
    again = await caller.ask("POST", path, headers=key)
    assert first.status == again.status == 202
    assert first.body == again.body


async def test_presets_have_pictures(caller: Caller, http: aiohttp.ClientSession) -> None:
    found = (await caller.get("/presets")).body["items"]
    async with http.get(found[0]["picture_url"]) as answer:
        assert answer.content_type == "image/jpeg"


async def test_where_nothing_is_paid_there_is_no_balance(caller: Caller) -> None:
    assert (await caller.get("/balance")).body == {
        "available": None,
        "held": None,
        "subscription": None,
    }
    assert (await caller.get("/receipts")).body == {"items": [], "next": None}
