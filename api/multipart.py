"""Files of a form, read one after the other as they arrive: never more than one is in memory."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi import Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from api.bodies import told_length
from api.problems import Refused

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LEAST_BYTES_PER_S = 16 * 1024
"""A connection of 2G brings as much; who sends less keeps a place from others."""

GRACE_S = 10.0
"""For so long a sender may be silent, or be slower in all."""

MAX_NAME = 60


@dataclass(frozen=True)
class FormLimits:
    """How much a form may be.

    Attributes:
        file_bytes: How large one file may be; the others are read also where one is larger.
        form_bytes: How long the whole may be.
        within_s: How long it may take from its first byte to its last, with what is done
            meanwhile with each file.
    """

    file_bytes: int
    form_bytes: int
    within_s: float


@dataclass
class SentFile:
    """A file; `is_too_large` where it has no bytes because there were too many."""

    name: str = ""
    data: bytearray = field(default_factory=bytearray)
    is_too_large: bool = False
    is_file: bool = False


class _Reading:
    """What a parser calls; files that are whole wait in `whole`."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._part = SentFile()
        self._header = bytearray()
        self._value = bytearray()
        self.whole: list[SentFile] = []
        self.is_over = False

    def on_part_begin(self) -> None:
        self._part = SentFile()

    def on_header_begin(self) -> None:
        self._header.clear()
        self._value.clear()

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(bytes(self._value))
            self._part.is_file = b"filename" in options
            self._part.name = _plain(options.get(b"filename", b""))

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        if not part.is_file or part.is_too_large:
            return
        part.data += data[start:end]
        if len(part.data) > self._max_bytes:
            part.data, part.is_too_large = bytearray(), True

    def on_part_end(self) -> None:
        if self._part.is_file:
            self.whole.append(self._part)
        self._part = SentFile()

    def on_end(self) -> None:
        self.is_over = True


def _plain(name: bytes) -> str:
    """Return a file's name without its folders and signs that cannot be seen."""
    text = name.decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in text if sign.isprintable())[:MAX_NAME].strip() or "photo"


async def read_files(request: Request, limits: FormLimits) -> AsyncIterator[SentFile]:
    """Yield the files of a form as soon as each is whole.

    Args:
        request: Whose body it is.
        limits: How much it may be.

    Raises:
        Refused: It is no form, or it breaks off, is too long, or comes too slowly.
    """
    if told_length(request.scope) > limits.form_bytes:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large")
    kind, options = parse_options_header(request.headers.get("Content-Type"))
    boundary = options.get(b"boundary", b"")
    if kind != b"multipart/form-data" or not 0 < len(boundary) <= 70:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-a-form")
    reading = _Reading(limits.file_bytes)
    callbacks: MultipartCallbacks = {
        "on_part_begin": reading.on_part_begin,
        "on_header_begin": reading.on_header_begin,
        "on_header_field": reading.on_header_field,
        "on_header_value": reading.on_header_value,
        "on_header_end": reading.on_header_end,
        "on_part_data": reading.on_part_data,
        "on_part_end": reading.on_part_end,
        "on_end": reading.on_end,
    }
    parser = MultipartParser(boundary, callbacks)
    try:
        async for chunk in _chunks(request, limits):
            parser.write(chunk)
            while reading.whole:
                yield reading.whole.pop(0)
        parser.finalize()
    # The parser asserts what it has not thought of.
    except (MultipartParseError, ValueError, AssertionError):
        raise Refused(HTTPStatus.BAD_REQUEST, "broken-form") from None
    if not reading.is_over:
        raise Refused(HTTPStatus.BAD_REQUEST, "broken-form")


async def _chunks(request: Request, limits: FormLimits) -> AsyncIterator[bytes]:
    chunks = request.stream().__aiter__()
    until_s = time.monotonic() + limits.within_s
    waited_s, received = 0.0, 0
    while True:
        # Only waiting counts: what is done with a file meanwhile is not the sender's doing.
        began_s = time.monotonic()
        left_s = GRACE_S + received / LEAST_BYTES_PER_S - waited_s
        try:
            async with asyncio.timeout(max(min(left_s, GRACE_S, until_s - began_s), 0.0)):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            return
        except TimeoutError:
            if time.monotonic() >= until_s:
                minutes = round(limits.within_s / 60)
                raise Refused(
                    HTTPStatus.REQUEST_TIMEOUT, "form-too-slow", minutes=minutes
                ) from None
            raise Refused(HTTPStatus.REQUEST_TIMEOUT, "body-too-slow") from None
        except ClientDisconnect:
            raise Refused(HTTPStatus.BAD_REQUEST, "broken-form") from None
        waited_s += time.monotonic() - began_s
        received += len(chunk)
        if received > limits.form_bytes:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large")
        yield chunk
