"""A copy of one's data, asked for over HTTP and sent into the chat."""

from services.domain.api_keys import KeyScope
from services.errors import ExportTooSoon, NotFound
from tests.api.kit import Caller


async def test_a_copy_comes_to_the_chat_once_a_day(caller: Caller, stranger: Caller) -> None:
    await caller.uses_key(KeyScope.READ)
    refused = await caller.ask("POST", "/export")
    assert (refused.status, refused.code) == (403, "scope-missing")
    await caller.uses_key(KeyScope.TRAIN)
    begun = await caller.ask("POST", "/export")
    assert (begun.status, begun.body["state"]) == (202, "working")
    path = f"/export/{begun.body['id']}"
    await caller.chat.until_said(caller.chat.words("export-done", parts=1))
    stands = (await caller.get(path)).body
    assert (stands["state"], stands["parts_sent"], stands["files"]) == ("done", 1, 0)
    assert stands["ended_at"] is not None
    again = await caller.ask("POST", "/export")
    assert (again.status, again.code) == (429, ExportTooSoon.code)
    theirs = await stranger.get(path)
    assert (theirs.status, theirs.code) == (404, NotFound.code)
