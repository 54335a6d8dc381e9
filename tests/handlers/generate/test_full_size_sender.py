"""A picture comes in full size, behind the press that asked for it."""

import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from PIL import Image

from handlers.generate.full_size_sender import FullSizeSender
from sandbox.fal.files import Lifecycle
from services.domain.values import Picture
from services.pictures.xmp import packet, with_xmp
from tests.handlers.chat import Chat, Said

DRAWN = 3


def drawn(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (number * 40 % 256, 90, 60)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest_asyncio.fixture(loop_scope="session")
async def pictures(chat: Chat) -> AsyncIterator[list[Picture]]:
    """Pictures that Telegram and fal have; their buttons are under the greeting."""
    model, fal = await chat.has_model(), chat.product.sandbox.state.fal
    kept = []
    for number in range(1, DRAWN + 1):
        stored = fal.files.add(f"{number}.png", "image/png", drawn(number), Lifecycle())
        url = f"https://v3.fal.media/{stored.path}"
        kept.append((await chat.has_sent_result(model, urls=[url])).id)
    await chat.say("/start")
    async with chat.product.database.transaction() as tx:
        found = [picture for one in kept for picture in await tx.pictures.all_of(one)]
    yield found
    calm(chat)


def since(chat: Chat, start: Said) -> list[Said]:
    return [said for said in chat.messages if said.message_id > start.message_id]


def documents(chat: Chat) -> list[dict[str, object]]:
    found = chat.product.sandbox.state.telegram.messages(chat.id)
    return [message.body["document"] for message in found if "document" in message.body]


def fault(chat: Chat, service: str, match: str, kind: str, **more: object) -> None:
    chat.product.sandbox.state.wire.faults.add(
        {"service": service, "match": match, "kind": kind, **more}
    )


def calm(chat: Chat) -> None:
    chat.product.sandbox.state.wire.faults.remove()


async def asks(chat: Chat, picture: Picture) -> None:
    assert await chat.forge(f"pic:full:{picture.id}") == chat.words("full-size-coming")


async def test_it_is_the_very_file_and_is_uploaded_once(
    chat: Chat, pictures: list[Picture]
) -> None:
    await asks(chat, pictures[0])
    sender: FullSizeSender = chat.product.dispatcher.workflow_data["full_size_sender"]
    await chat.until(lambda: len(documents(chat)) == 1 and not sender._under_way)
    await asks(chat, pictures[0])
    await chat.until(lambda: len(documents(chat)) == 2)
    first, second = documents(chat)
    assert first["file_name"] == f"neurophoto-{pictures[0].id}.png"
    assert first["file_unique_id"] == second["file_unique_id"]
    found = chat.product.sandbox.state.telegram.files.find(str(first["file_id"]))
    assert found is not None
    assert found[0].data == with_xmp(drawn(1), packet())


async def test_who_waits_for_fal_is_answered_meanwhile_and_gets_one_file_a_picture(
    chat: Chat, pictures: list[Picture]
) -> None:
    fault(chat, "fal", "GET /fal/cdn/", "slow", seconds=0.5, times=0)
    for picture in (*pictures, *pictures):
        await asks(chat, picture)
    await chat.say("/language")
    assert chat.last.has("lang:")
    assert documents(chat) == []
    await chat.until(lambda: len(documents(chat)) == len(pictures))
    names = [document["file_name"] for document in documents(chat)]
    assert names == [f"neurophoto-{picture.id}.png" for picture in pictures]


async def test_an_original_that_is_gone_is_sent_as_it_was_seen(
    chat: Chat, pictures: list[Picture]
) -> None:
    files = chat.product.sandbox.state.fal.files
    files.delete(pictures[0].url.removeprefix("https://v3.fal.media/"))
    await asks(chat, pictures[0])
    assert (await chat.until_said(chat.words("full-size-gone"))).is_picture


@pytest.mark.parametrize(
    ("service", "match", "status"),
    [
        ("fal", "GET /fal/cdn/", 503),
        ("telegram", "sendDocument", 500),
        ("telegram", "sendDocument", 413),
        ("telegram", "sendDocument", 400),
    ],
)
async def test_what_cannot_be_sent_now_is_not_promised(
    chat: Chat, pictures: list[Picture], service: str, match: str, status: int
) -> None:
    fault(chat, service, match, "status", status=status, times=0)
    await asks(chat, pictures[0])
    await chat.until_said(chat.words("full-size-later"))
    calm(chat)
    await asks(chat, pictures[0])
    await chat.until(lambda: len(documents(chat)) == 1)


async def test_a_picture_that_is_deleted_while_it_is_fetched_does_not_come(
    chat: Chat, pictures: list[Picture]
) -> None:
    fault(chat, "fal", "GET /fal/cdn/", "slow", seconds=0.5, times=0)
    before = chat.last
    await asks(chat, pictures[0])
    await asks(chat, pictures[1])
    async with chat.product.database.transaction() as tx:
        await tx.pictures.remove(pictures[1].id)
    await asks(chat, pictures[2])
    await chat.until(lambda: len(documents(chat)) == 2)
    assert len(since(chat, before)) == 2


async def test_somebody_who_blocked_the_bot_is_told_nothing(
    chat: Chat, pictures: list[Picture]
) -> None:
    words = {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: bot was blocked by the user",
    }
    fault(chat, "telegram", "sendDocument", "status", status=403, body=words)
    before = chat.last
    await asks(chat, pictures[0])
    await asks(chat, pictures[1])
    await chat.until(lambda: len(documents(chat)) == 1)
    assert len(since(chat, before)) == 1
