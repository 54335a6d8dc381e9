"""Photos over HTTP: they are in the chat and in its draft, and nowhere else."""

import asyncio
import io
from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import aiohttp
import pytest

from api import multipart, photos
from services.domain.api_keys import KeyScope
from services.domain.values import Place
from tests.api.conftest import Newcomer
from tests.api.kit import Answer, Caller
from tests.services.kit import jpeg

CONSENT = {"consent": "true"}

PHOTO_HEAD = b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'


async def upload(
    caller: Caller, *files: bytes, names: Sequence[str] = (), agreed: bool = True
) -> Answer:
    form = aiohttp.FormData(quote_fields=False)
    for number, data in enumerate(files):
        name = names[number] if number < len(names) else f"{number}.jpg"
        form.add_field("photos", io.BytesIO(data), filename=name)
    params = CONSENT if agreed else {}
    return await caller.ask("POST", "/upload-photos", data=form, params=params)


async def send_form(
    caller: Caller,
    data: AsyncIterator[bytes],
    headers: Mapping[str, str] = MappingProxyType({}),
    **request: Any,  # noqa: ANN401
) -> Answer:
    """Send a form with the boundary `b` as it comes."""
    headers = {"Content-Type": "multipart/form-data; boundary=b"} | dict(headers)
    path = "/upload-photos"
    return await caller.ask("POST", path, data=data, headers=headers, params=CONSENT, **request)


def documents(caller: Caller) -> list[Any]:
    telegram = caller.product.sandbox.state.telegram
    return [one for one in telegram.messages(caller.id) if one.from_bot and one.media is not None]


async def test_each_file_gets_its_verdict_and_is_in_the_chat(caller: Caller) -> None:
    pdf, small = b"%PDF-1.7 x", jpeg(9, side=100)
    answer = await upload(caller, jpeg(1), pdf, small, jpeg(2), names=["a.jpg", "b.pdf", "c.jpg"])
    assert answer.status == 200, answer.body
    found = answer.body["photos"]
    assert [one["name"] for one in found] == ["a.jpg", "b.pdf", "c.jpg", "3.jpg"]
    assert [one["status"] for one in found] == ["accepted", "refused", "refused", "accepted"]
    assert [one["reason"] for one in found] == [None, "pdf", "too_small", None]
    assert found[1]["photo_id"] is None
    assert found[1]["detail"]
    # What is plainly no photo is not sent anywhere.
    assert len(documents(caller)) == 3
    draft = (await caller.get("/draft")).body
    assert draft["accepted"] == 2
    assert [one["photo_id"] for one in draft["photos"]] == [
        one["photo_id"] for one in found if one["photo_id"]
    ]
    small_one = await caller.get(found[0]["thumbnail_url"].removeprefix("/api"))
    assert (small_one.status, small_one.body[:2]) == (200, b"\xff\xd8")


async def test_a_file_that_telegram_does_not_take_does_not_stop_the_others(caller: Caller) -> None:
    answer = await upload(caller, b"", jpeg(1))
    assert answer.status == 200, answer.body
    empty, taken = answer.body["photos"]
    assert (empty["status"], empty["photo_id"]) == ("refused", None)
    assert taken["status"] == "accepted"


async def test_the_chat_and_the_program_have_one_draft(caller: Caller) -> None:
    await upload(caller, jpeg(1), jpeg(2))
    await caller.chat.send(jpeg(3), jpeg(4))
    draft = await caller.chat.draft()
    assert draft is not None
    views = caller.product.api.training_views
    await caller.chat.until_said("4 ")
    view = await views.photos(draft.id)
    assert view is not None
    assert len(view.photos) == 4
    assert len((await caller.get("/draft")).body["photos"]) == 4
    await caller.chat.say("/train")
    assert caller.chat.last.has("draft-left:")


async def test_a_draft_of_the_chat_takes_photos_without_another_consent(caller: Caller) -> None:
    await caller.product.api.drafts.begin(caller.id, Place(caller.id))
    answer = await upload(caller, jpeg(1), agreed=False)
    assert answer.status == 200


async def test_without_the_consent_nothing_is_kept(caller: Caller) -> None:
    answer = await upload(caller, jpeg(1), agreed=False)
    assert (answer.status, answer.code) == (422, "consent-missing")
    assert documents(caller) == []
    assert await caller.chat.draft() is None


async def test_the_same_file_again_is_the_same_photo(caller: Caller) -> None:
    first = (await upload(caller, jpeg(1), jpeg(2))).body["photos"]
    again = (await upload(caller, jpeg(2), jpeg(1), jpeg(3))).body["photos"]
    assert [one["photo_id"] for one in again[:2]] == [one["photo_id"] for one in first][::-1]
    assert len(documents(caller)) == 3


async def test_a_file_that_comes_again_before_it_is_kept_goes_into_the_chat_once(
    caller: Caller,
) -> None:
    await upload(caller, jpeg(1))
    answers = await asyncio.gather(*(upload(caller, jpeg(2)) for _ in range(2)))
    assert len({one.body["photos"][0]["photo_id"] for one in answers}) == 1
    assert len(documents(caller)) == 2


async def test_a_photo_is_taken_out_once_and_by_its_owner(
    caller: Caller, stranger: Caller
) -> None:
    (photo,) = (await upload(caller, jpeg(1))).body["photos"]
    path = f"/photos/{photo['photo_id']}"
    await upload(stranger, jpeg(1))
    for method, where in (("DELETE", path), ("GET", f"{path}/thumbnail")):
        assert (await stranger.ask(method, where)).status == 404
    assert (await caller.ask("DELETE", path)).status == 204
    assert (await caller.ask("DELETE", path)).status == 404
    assert (await caller.get("/draft")).body["photos"] == []
    for odd in ("0", "-1", "x", str(2**63)):
        assert (await caller.ask("DELETE", f"/photos/{odd}")).status == 422


async def test_a_file_that_is_too_large_does_not_stop_the_others(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MAX_FILE_BYTES", 1024 * 1024)
    found = (await upload(caller, b"\xff\xd8" * 700_000, jpeg(1))).body["photos"]
    assert [one["reason"] for one in found] == ["too_big", None]


async def test_no_more_files_are_read_than_are_allowed(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MAX_FILES", 2)
    answer = await upload(caller, jpeg(1), jpeg(2), jpeg(3))
    assert (answer.status, answer.code) == (422, "too-many-files")
    # What was taken before stays, and is the same photo when it comes again.
    assert (await caller.get("/draft")).body["accepted"] <= 2


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data", b"x", 415),
        ("multipart/form-data; boundary=" + "b" * 71, b"x", 415),
        ("multipart/form-data; boundary=b", b"no boundary", 400),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition", 400),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\nx", 400),
        ("multipart/form-data; boundary=b", b"--b--\r\n", 422),
        ("multipart/form-data; boundary=b", b"--b\r\nA: b\r\n\r\nx\r\n--b--\r\n", 422),
        ("multipart/form-data; boundary=b", b"", 400),
        ("multipart/form-data; boundary=b", b"--b\r\n" + b"a" * 5000, 400),
    ],
)
async def test_what_is_no_form_with_files_is_refused(
    caller: Caller, kind: str, body: bytes, status: int
) -> None:
    answer = await caller.ask(
        "POST", "/upload-photos", data=body, headers={"Content-Type": kind}, params=CONSENT
    )
    assert answer.status == status, answer.body
    assert answer.code in {"not-a-form", "broken-form", "no-files"}
    assert await caller.chat.draft() is None


async def test_nothing_of_a_strangers_files_is_read(caller: Caller) -> None:
    never = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"--b\r\n"
        await never.wait()

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    mine, caller.authorization = caller.authorization, ""
    answer = await caller.ask("POST", "/upload-photos", data=endless(), headers=headers)
    assert answer.status == 401
    caller.authorization = mine
    await caller.uses_key(KeyScope.GENERATE)
    answer = await caller.ask("POST", "/upload-photos", data=endless(), headers=headers)
    assert answer.status == 403


async def test_who_sends_too_slowly_is_not_waited_for(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "GRACE_S", 0.2)
    never = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'
        await never.wait()

    answer = await caller.ask(
        "POST",
        "/upload-photos",
        data=slow(),
        headers={"Content-Type": "multipart/form-data; boundary=b"},
        params=CONSENT,
    )
    assert (answer.status, answer.code) == (408, "body-too-slow")


async def test_a_form_that_says_it_is_longer_than_all_its_files_is_not_read(
    caller: Caller,
) -> None:
    never = asyncio.Event()

    async def begun() -> AsyncIterator[bytes]:
        yield PHOTO_HEAD + jpeg(1)
        await never.wait()

    longest = photos.MAX_FILES * photos.MAX_FILE_BYTES + photos.FORM_BYTES
    answer = await send_form(caller, begun(), {"Content-Length": str(longest + 1)})
    assert (answer.status, answer.code) == (413, "body-too-large")
    assert await caller.chat.draft() is None


async def test_an_endless_file_is_not_read_on_for_ever(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "MAX_FILES", 3)
    monkeypatch.setattr(photos, "MAX_FILE_BYTES", 128 * 1024)
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        yield PHOTO_HEAD + jpeg(1) + b"\r\n" + PHOTO_HEAD
        while read < 64 * 1024**2:
            yield b"\xff" * 64 * 1024
            read += 64 * 1024

    answer = await send_form(caller, endless())
    assert (answer.status, answer.code) == (413, "body-too-large")
    # The rest is what was under way when it was refused.
    assert read < 16 * 1024**2
    # What was whole before is kept, as in every form that ends too early.
    assert len((await caller.get("/draft")).body["photos"]) == 1


async def test_files_as_long_as_is_allowed_are_all_read(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = jpeg(1)
    monkeypatch.setattr(photos, "MAX_FILES", 3)
    monkeypatch.setattr(photos, "MAX_FILE_BYTES", len(one))
    answer = await upload(caller, one, one + b"x", one, names=["a.jpg", "b.jpg", "c.jpg"])
    assert answer.status == 200, answer.body
    found = answer.body["photos"]
    assert [each["reason"] for each in found] == [None, "too_big", None]
    assert found[1]["name"] == "b.jpg"


async def test_an_upload_takes_no_longer_than_is_fair(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "UPLOAD_WITHIN_S", 1.0)

    async def lasting() -> AsyncIterator[bytes]:
        yield PHOTO_HEAD + jpeg(1) + b"\r\n" + PHOTO_HEAD
        # Never silent for long, and quicker than the slowest that is waited for.
        for _ in range(100):
            await asyncio.sleep(0.1)
            yield b"\xff" * 16 * 1024

    async with asyncio.timeout(8):
        answer = await send_form(caller, lasting())
    assert (answer.status, answer.code) == (408, "form-too-slow")
    assert len((await caller.get("/draft")).body["photos"]) == 1


async def test_somebody_who_has_blocked_the_bot_is_told_why(caller: Caller) -> None:
    caller.product.people.set_blocked(caller.id, blocked=True)
    answer = await upload(caller, jpeg(1))
    assert (answer.status, answer.code) == (409, "chat-closed")


async def test_uploads_have_few_places(caller: Caller, stranger: Caller) -> None:
    go_on = asyncio.Event()

    async def waiting() -> AsyncIterator[bytes]:
        yield b"--b"
        await go_on.wait()
        yield b"--\r\n"

    async def send(one: Caller) -> int:
        return (await send_form(one, waiting())).status

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(send(caller)) for _ in range(photos.UPLOADS_OF_ONE + 1)]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        assert [task.result() for task in tasks if task.done()] == [429]
        go_on.set()
    assert (await upload(stranger, jpeg(1))).status == 200


async def test_who_has_no_place_gets_one_while_others_have_two(newcomer: Newcomer) -> None:
    go_on, read = asyncio.Event(), asyncio.Semaphore(0)

    async def waiting() -> AsyncIterator[bytes]:
        read.release()
        yield b"--b"
        await go_on.wait()
        yield b"--\r\n"

    async def send(one: Caller) -> int:
        # Nothing is sent before the body is asked for, which it is of who has a place.
        return (await send_form(one, waiting(), expect100=True)).status

    first, second, third, fourth = [await newcomer() for _ in range(4)]
    async with asyncio.timeout(8), asyncio.TaskGroup() as group:
        for one in (first, first, second, second, third):
            group.create_task(send(one))
            await read.acquire()
        assert await send(third) == 429
        group.create_task(send(fourth))
        await read.acquire()
        go_on.set()
