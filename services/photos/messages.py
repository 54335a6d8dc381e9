"""The messages that go between the bot and the photo process, over pipes.

A message is the length of its head (4 bytes, big-endian), the head (a JSON object with the lengths
of the parts under `parts`) and the parts. No pickle: a decoder that was taken over by a hostile
file must not be able to run anything in the bot.
"""

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    # A sixth of the start of the photo process, which needs nothing of it.
    import asyncio

MAX_HEAD_BYTES = 1024 * 1024
MAX_PARTS_BYTES = 64 * 1024 * 1024
"""More than three times the largest file; whoever sends more has gone wrong."""

_LENGTH = struct.Struct(">I")

_NO_HEAD = (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What reading anything but a head raises; to Python, endless numbers are JSON."""


class BrokenMessage(Exception):
    """What came is no message."""


@dataclass(frozen=True)
class Message:
    """One request or answer.

    Attributes:
        head: What can be said in JSON.
        parts: Files and pictures.
    """

    head: dict[str, Any]
    parts: Sequence[bytes] = ()

    def pieces(self) -> Iterator[bytes]:
        """Return what is written, in order; the parts are not copied."""
        lengths = [len(part) for part in self.parts]
        head = json.dumps({**self.head, "parts": lengths}).encode()
        yield _LENGTH.pack(len(head)) + head
        yield from self.parts


def read_message(pipe: BinaryIO) -> Message | None:
    """Read a message; None when the other side has closed the pipe.

    Raises:
        BrokenMessage: It is cut off or too large.
    """
    prefix = pipe.read(_LENGTH.size)
    if not prefix:
        return None
    head, lengths = _parsed(_exactly(pipe, _head_length(prefix)))
    return Message(head, [_exactly(pipe, length) for length in lengths])


async def receive_message(reader: "asyncio.StreamReader") -> Message:
    """Read a message without blocking.

    Raises:
        BrokenMessage: It is cut off or too large.
    """
    try:
        prefix = await reader.readexactly(_LENGTH.size)
        head, lengths = _parsed(await reader.readexactly(_head_length(prefix)))
        return Message(head, [await reader.readexactly(length) for length in lengths])
    except EOFError as error:
        raise BrokenMessage("cut off") from error


def _exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) != length:
        raise BrokenMessage("cut off")
    return data


def _head_length(prefix: bytes) -> int:
    if len(prefix) != _LENGTH.size:
        raise BrokenMessage("cut off")
    length: int = _LENGTH.unpack(prefix)[0]
    if length > MAX_HEAD_BYTES:
        raise BrokenMessage("head too large")
    return length


def _parsed(data: bytes) -> tuple[dict[str, Any], list[int]]:
    try:
        head = json.loads(data)
        lengths = [int(length) for length in head.pop("parts")]
    except _NO_HEAD as error:
        raise BrokenMessage("no head") from error
    if any(length < 0 for length in lengths) or sum(lengths) > MAX_PARTS_BYTES:
        raise BrokenMessage("parts too large")
    return head, lengths
