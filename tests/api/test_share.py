"""Pictures that the page sends into chats."""

from datetime import timedelta

from services.domain.clock import now
from tests.api.kit import Caller


async def test_a_picture_is_prepared_for_its_owner(caller: Caller) -> None:
    model = await caller.own_model()
    await caller.own_result(model)
    (picture,) = (await caller.get("/pictures")).body["items"]
    answer = await caller.ask("POST", f"/pictures/{picture['id']}/share")
    assert answer.status == 200, answer.body
    prepared = caller.product.sandbox.state.telegram.prepared[answer.body["id"]]
    assert prepared.user_id == caller.id
    assert prepared.result["id"] == picture["id"]
    assert set(prepared.chats) == {"user", "group", "channel"}
    assert answer.body["expires_at"] > (now() + timedelta(hours=1)).isoformat()


async def test_what_was_not_sent_yet_or_cannot_be_taken_is_said(caller: Caller) -> None:
    model = await caller.own_model()
    await caller.own_result(model)
    (picture,) = (await caller.get("/pictures")).body["items"]
    path = f"/pictures/{picture['id']}/share"
    async with caller.product.database.transaction() as tx:
        await tx.pictures.note_sent(picture["id"], "unknown", None)
    refused = await caller.ask("POST", path)
    assert (refused.status, refused.code) == (503, "not-available")
    async with caller.product.database.transaction() as tx:
        await tx.pictures.note_sent(picture["id"], None, None)
    answer = await caller.ask("POST", path)
    assert (answer.status, answer.code) == (503, "not-available")
