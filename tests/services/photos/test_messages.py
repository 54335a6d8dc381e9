"""What goes between the bot and the photo process: whole, or refused."""

import asyncio
import io
import struct
from collections.abc import Awaitable, Callable

import pytest

from services.photos.messages import BrokenMessage, Message, read_message, receive_message

Read = Callable[[bytes], Awaitable[Message | None]]


async def read_from_pipe(data: bytes) -> Message | None:
    return read_message(io.BytesIO(data))


async def receive(data: bytes) -> Message | None:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return await receive_message(reader)


@pytest.fixture(params=[read_from_pipe, receive], ids=["photo process", "bot"])
def read(request: pytest.FixtureRequest) -> Read:
    """How either side reads a message."""
    chosen: Read = request.param
    return chosen


def written(message: Message) -> bytes:
    return b"".join(message.pieces())


def with_head(head: bytes) -> bytes:
    return struct.pack(">I", len(head)) + head


MESSAGE = Message({"ok": True, "why": "fine"}, [b"one", b"", b"three" * 100])


async def test_what_is_written_is_read(read: Read) -> None:
    assert await read(written(MESSAGE)) == MESSAGE


async def test_a_message_that_is_cut_off_anywhere_is_broken(read: Read) -> None:
    whole = written(MESSAGE)
    for length in range(1, len(whole)):
        with pytest.raises(BrokenMessage, match="cut off"):
            await read(whole[:length])


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"no JSON",
        b"\xff",
        b"null",
        b"[]",
        b"{}",
        b'{"parts": null}',
        b'{"parts": ["x"]}',
        b'{"parts": [[]]}',
        b'{"parts": [-1]}',
        b'{"parts": [NaN]}',
        b'{"parts": [Infinity]}',
        b'{"parts": [1e400]}',
        b'{"parts": [99999999999]}',
        b"[" * 100_000,
    ],
    ids=lambda head: head[:20].decode(errors="replace"),
)
async def test_a_senseless_head_is_a_broken_message(read: Read, head: bytes) -> None:
    with pytest.raises(BrokenMessage):
        await read(with_head(head))


async def test_a_head_without_an_end_is_not_waited_for(read: Read) -> None:
    with pytest.raises(BrokenMessage, match="too large"):
        await read(struct.pack(">I", 2**32 - 1))
