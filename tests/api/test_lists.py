"""What somebody has: a page at a time, and nothing of anybody else."""

from contextlib import suppress

import pytest

from services.domain.loans import LoanTerm
from services.errors import NotFound, StaleButton
from services.lending.service import LendingService
from tests.api.kit import Caller
from tests.services.kit import meet


async def all_pages(caller: Caller, path: str, limit: int) -> list[str]:
    """Return the ids of a whole list, in its order."""
    ids: list[str] = []
    params: dict[str, str] = {"limit": str(limit)}
    while True:
        page = (await caller.get(path, params=params)).body
        assert len(page["items"]) <= limit
        ids += [one.get("id") or one["model_id"] for one in page["items"]]
        if page["next"] is None:
            return ids
        params["cursor"] = page["next"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize(
    ("path", "count"), [("/models", 2), ("/generations", 3), ("/pictures", 6)]
)
async def test_pages_of_any_size_have_everything_once(
    caller: Caller, path: str, count: int, limit: int
) -> None:
    model = await caller.own_model()
    await caller.own_model()
    for _ in range(3):
        await caller.own_result(model, pictures=2)
    found = await all_pages(caller, path, limit)
    assert len(found) == len(set(found)) == count
    assert found == await all_pages(caller, path, 50)


async def test_pictures_are_those_of_a_model_or_the_favourites(caller: Caller) -> None:
    one, other = await caller.own_model(), await caller.own_model()
    await caller.own_result(one)
    made = await caller.own_result(other, pictures=2)
    every = (await caller.get("/pictures")).body["items"]
    of_other = await caller.get("/pictures", params={"model_id": other.training_id})
    assert [each["generation_id"] for each in of_other.body["items"]] == [made] * 2
    pictures = caller.product.api.pictures
    await pictures.set_favourite(caller.id, every[0]["id"], is_favourite=True)
    liked = await caller.get("/pictures", params={"favourites": "true"})
    assert [each["id"] for each in liked.body["items"]] == [every[0]["id"]]


async def test_pictures_of_a_borrowed_model_are_found_by_its_loan(
    caller: Caller, stranger: Caller
) -> None:
    model = await caller.own_model()
    await caller.own_result(model)
    lending = LendingService(caller.product.database)
    loan = await lending.lend(caller.id, model.id, LoanTerm.DAY)
    await meet(caller.product.database, stranger.id)
    await lending.accept(stranger.id, loan.id, "Bob")
    mine = {"user_id": stranger.id, "chat_id": stranger.id, "is_borrowed": True}
    made = await stranger.chat.has_sent_result(model, **mine)
    path = f"/pictures?model_id={loan.id}"
    for _ in range(2):
        found = (await stranger.get(path)).body["items"]
        assert [one["generation_id"] for one in found] == [made.id]
        # What was made stays, and is found as before.
        with suppress(StaleButton):
            await lending.take_back(caller.id, loan.id)
    for asker, wanted in ((caller, path), (stranger, f"/pictures?model_id={model.training_id}")):
        assert (await asker.get(wanted)).code == NotFound.code


async def test_everything_of_somebody_else_is_not_there(caller: Caller, stranger: Caller) -> None:
    model = await stranger.own_model()
    made = await stranger.own_result(model)
    picture = (await stranger.get("/pictures")).body["items"][0]["id"]
    for path in ("/models", "/pictures", "/generations"):
        assert (await caller.get(path)).body["items"] == []
    for method, path in (
        ("GET", f"/models?cursor={model.training_id}"),
        ("DELETE", f"/models/{model.training_id}"),
        ("DELETE", f"/models/{model.id}"),
        ("GET", f"/pictures?cursor={made}.1"),
        ("GET", f"/pictures?model_id={model.training_id}"),
        ("GET", f"/pictures/{picture}/file"),
        ("DELETE", f"/pictures/{picture}"),
        ("GET", f"/generations?cursor={made}"),
        ("GET", f"/generations/{made}"),
    ):
        answer = await caller.ask(method, path)
        assert (answer.status, answer.code) == (404, NotFound.code), path
    assert len((await stranger.get("/pictures")).body["items"]) == 1


async def test_what_is_deleted_is_gone(caller: Caller) -> None:
    model = await caller.own_model()
    made = await caller.own_result(model, pictures=2)
    first = (await caller.get("/pictures")).body["items"][0]["id"]
    assert (await caller.ask("DELETE", f"/pictures/{first}")).status == 204
    assert (await caller.ask("DELETE", f"/pictures/{first}")).status == 404
    assert len((await caller.get(f"/generations/{made}")).body["pictures"]) == 1
    assert (await caller.ask("DELETE", f"/models/{model.training_id}")).status == 204
    assert (await caller.get("/models")).body["items"] == []
    assert (await caller.get(f"/generations/{made}")).status == 404


async def test_a_file_that_fal_has_no_more_is_not_there(caller: Caller) -> None:
    model = await caller.own_model()
    await caller.own_result(model)
    url = (await caller.get("/pictures")).body["items"][0]["file_url"].removeprefix("/api")
    assert (await caller.get(url)).status in {404, 503}


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1"])
async def test_a_page_has_a_size_that_is_allowed(caller: Caller, limit: str) -> None:
    answer = await caller.get("/pictures", params={"limit": limit})
    assert (answer.status, answer.code) == (422, "bad-request")
    assert [one["pointer"] for one in answer.body["errors"]] == ["limit"]


@pytest.mark.parametrize("cursor", ["x", "x.1", ".1", "x.-1", "x.²", "%00.1"])
async def test_a_cursor_that_is_none_leads_nowhere(caller: Caller, cursor: str) -> None:
    answer = await caller.get(f"/pictures?cursor={cursor}")
    assert answer.status in {200, 404, 422}
