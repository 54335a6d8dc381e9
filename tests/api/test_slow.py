"""Who sends too much, or too slowly, is cut off, and others are answered meanwhile."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest

from api import multipart, routes
from bot import web
from tests.api.kit import Caller
from tests.api.operations import OPERATIONS, Operation

JSON = [one for one in OPERATIONS if one.takes_json]

each = pytest.mark.parametrize("operation", JSON, ids=str)

SLOW_S = 0.05
"""Between two bytes: twenty times as fast as meant, as the limits are so much shorter here."""


async def dripping(data: bytes) -> AsyncIterator[bytes]:
    for number in range(len(data)):
        yield data[number : number + 1]
        await asyncio.sleep(SLOW_S)


async def is_quick(caller: Caller) -> None:
    began_s = time.monotonic()
    assert (await caller.get("/me")).status == 200
    assert time.monotonic() - began_s < 2


def headers_of(operation: Operation) -> dict[str, str]:
    headers = dict.fromkeys(operation.required_headers, "one")
    return headers | {"Content-Type": "application/json"}


@each
@pytest.mark.parametrize("is_told", [True, False])
async def test_a_body_that_is_too_long_is_refused(
    caller: Caller, operation: Operation, *, is_told: bool
) -> None:
    data = json.dumps({"url": "x" * routes.MAX_JSON_BYTES}).encode()

    async def untold() -> AsyncIterator[bytes]:
        for at in range(0, len(data), 10_000):
            yield data[at : at + 10_000]

    answer = await caller.ask(
        operation.method,
        operation.path,
        data=data if is_told else untold(),
        headers=headers_of(operation),
    )
    assert (answer.status, answer.code) == (413, "body-too-large")


@each
async def test_a_byte_a_second_is_not_waited_for(
    caller: Caller, stranger: Caller, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "BODY_WITHIN_S", 0.5)

    async def drip() -> tuple[int, str]:
        answer = await caller.ask(
            operation.method,
            operation.path,
            data=dripping(b'{"prompt": "' + b"x" * 200 + b'"}'),
            headers=headers_of(operation),
        )
        return answer.status, answer.code

    async with asyncio.timeout(8), asyncio.TaskGroup() as group:
        drips = [group.create_task(drip()) for _ in range(20)]
        await is_quick(stranger)
    assert {one.result() for one in drips} == {(408, "body-too-slow")}


async def test_a_byte_a_second_of_a_photo_is_not_waited_for(
    caller: Caller, stranger: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(multipart, "GRACE_S", 0.5)
    head = b'--b\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n'

    async def drip() -> int:
        answer = await caller.ask(
            "POST",
            "/upload-photos?consent=true",
            data=dripping(head + b"\xff" * 300),
            headers={"Content-Type": "multipart/form-data; boundary=b"},
        )
        return answer.status

    async with asyncio.timeout(8), asyncio.TaskGroup() as group:
        drips = [group.create_task(drip()) for _ in range(2)]
        await is_quick(stranger)
    assert {one.result() for one in drips} == {408}
    assert await caller.chat.draft() is None
    # Their places are free again.
    assert caller.product.api is not None


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET /api/me HTTP/1.1\r\nHost: bot\r\nX-Long: " + b"x" * 500,
        # Refused at once, and still sending.
        b"POST /api/generate HTTP/1.1\r\nHost: bot\r\nContent-Length: 60000\r\n\r\n" + b"x" * 500,
        b"POST /api/upload-photos HTTP/1.1\r\nHost: bot\r\nContent-Length: 99999999\r\n\r\n"
        + b"x" * 500,
        # A second request on the same connection.
        b"GET /healthz HTTP/1.1\r\nHost: bot\r\n\r\nGET /healthz HTTP/1.1\r\nX-Long: "
        + b"x" * 500,
    ],
    ids=["silence", "headers", "refused", "refused files", "second headers"],
)
async def test_a_connection_that_comes_to_nothing_is_ended(
    caller: Caller,
    http: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
    said: bytes,
) -> None:
    monkeypatch.setattr(web, "HEADERS_WITHIN_S", 0.5)
    base = http._base_url
    assert base is not None
    assert base.host is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)
    head, end, drip = said.rpartition(b"\r\n\r\n")
    writer.write(head + end)

    async def send() -> None:
        try:
            for byte in drip:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(SLOW_S)
        except OSError:
            return

    async def until_the_end() -> bytes:
        read = b""
        try:
            while data := await reader.read(4096):
                read += data
        except OSError:
            pass
        return read

    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        sending = group.create_task(send())
        ending = group.create_task(until_the_end())
        await is_quick(caller)
        await ending
        sending.cancel()
    writer.close()
    if b"POST" in said:
        assert b" 401 " in ending.result()


async def test_a_connection_that_is_used_now_and_then_stays(
    caller: Caller, http: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "HEADERS_WITHIN_S", 0.3)
    base = http._base_url
    assert base is not None
    assert base.host is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)
    request = f"GET /api/me HTTP/1.1\r\nHost: bot\r\nAuthorization: {caller.authorization}\r\n\r\n"
    for _ in range(3):
        writer.write(request.encode())
        assert b" 200 " in await reader.readline()
        length = 0
        while (line := await reader.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        await reader.readexactly(length)
        await asyncio.sleep(0.6)
    writer.close()
