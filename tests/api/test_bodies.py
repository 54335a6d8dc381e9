"""A refusal reaches who is still sending what it is about."""

import asyncio

import aiohttp

from tests.api.kit import Caller


async def test_a_refusal_waits_for_the_rest_of_a_small_body(
    caller: Caller, http: aiohttp.ClientSession
) -> None:
    base = http._base_url
    assert base is not None
    reader, writer = await asyncio.open_connection(base.host, base.port)
    body = b'{"prompt": "x"}'
    head = (
        f"POST /api/generate HTTP/1.1\r\nHost: {base.host}\r\n"
        f"Authorization: {caller.authorization}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    for _ in range(2):
        writer.write(head.encode())
        await writer.drain()
        await asyncio.sleep(0.3)
        writer.write(body)
        await writer.drain()
        # The connection is as good as before, so the second request uses it, too.
        status = await reader.readline()
        assert b"422" in status, status
        length = 0
        while (line := await reader.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        await reader.readexactly(length)
    writer.close()
