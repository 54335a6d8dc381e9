"""A server that speaks no HTTP library's mind: it counts what arrives and answers raw bytes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class RawServer:
    """Requests that arrived in full, as `METHOD path`, and what to answer them."""

    answer: Answer
    url: str = ""
    requests: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = head.split("\r\n")
                headers = {
                    name.lower(): value.strip()
                    for name, _, value in (line.partition(":") for line in lines[1:] if line)
                }
                self.bodies.append(
                    await reader.readexactly(int(headers.get("content-length", "0")))
                )
                self.headers.append(headers)
                self.requests.append(" ".join(lines[0].split(" ")[:2]))
                await self.answer(writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def count(self, method: str) -> int:
        return sum(request.startswith(f"{method} ") for request in self.requests)


def http(
    status: int, body: bytes, content_type: str = "application/json", extra: str = ""
) -> Answer:
    """Answer a whole response."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        head = (
            f"HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\n"
            f"Content-Length: {len(body)}\r\n{extra}\r\n"
        )
        writer.write(head.encode() + body)

    return answer


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close without a word."""
    writer.close()
    raise ConnectionError


async def half_a_body(writer: asyncio.StreamWriter) -> None:
    """Promise more than is sent, then close."""
    writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"request_id": "r", ')
    await writer.drain()
    await hang_up(writer)


async def no_http(writer: asyncio.StreamWriter) -> None:
    """Answer something that is no HTTP."""
    writer.write(b"\x00\x01 hello\r\n\r\n")
    await writer.drain()
    await hang_up(writer)


@asynccontextmanager
async def raw_server(answer: Answer) -> AsyncIterator[RawServer]:
    raw = RawServer(answer)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    raw.url = f"http://{host}:{port}"
    yield raw
    server.close()
