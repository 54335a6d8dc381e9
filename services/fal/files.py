"""Fetches the files that fal's answers name."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from services.errors import FalFileRefused, FalResultGone, FalUnavailable
from services.fal.failures import is_outage, lost
from services.fal.public import NAMED
from services.fal.transport import read_answer, read_up_to

MAX_REDIRECTS = 5

LOST_FILE = frozenset({403, 404, 410})
"""What a CDN answers for a file that is not there, or not for strangers, any more."""


class FalFiles:
    """Downloads without a key, by way of `services.fal.public.PublicTransport`.

    Args:
        transport: The way out.
        user_agent: Who we say we are.
        timeout_s: For one read.
        total_s: For a whole download.
        on_answer: Is shown every answer before its body is read.
    """

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport,
        user_agent: str,
        timeout_s: float,
        total_s: float,
        on_answer: Callable[[httpx.Response], Awaitable[None]] | None = None,
    ) -> None:
        self._total_s = total_s
        self._http = httpx.AsyncClient(
            transport=transport,
            headers={"User-Agent": user_agent},
            timeout=timeout_s,
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            event_hooks={"response": [on_answer] if on_answer else []},
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def download(self, url: str, max_bytes: int) -> bytes:
        """See `services.fal.gateway.FalGateway.download`."""
        response = await self._named(url, max_bytes + 1)
        _check(response)
        if len(response.content) > max_bytes:
            raise FalFileRefused(f"larger than {max_bytes} bytes")
        return response.content

    @asynccontextmanager
    async def stream(self, url: str, max_bytes: int) -> AsyncIterator[AsyncIterator[bytes]]:
        """Yield a file piece by piece; raises as `download`, also while it is read.

        A file that is longer is refused, or breaks off, with `FalFileRefused`. Whoever reads
        bounds the time.
        """
        try:
            async with self._http.stream("GET", url, extensions=_named(url)) as response:
                _check(response)
                length = response.headers.get("Content-Length", "")
                if length.isdecimal() and int(length) > max_bytes:
                    raise FalFileRefused(f"larger than {max_bytes} bytes")
                yield _bounded(response.aiter_bytes(), max_bytes)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise FalFileRefused("the address is malformed") from error
        except httpx.HTTPError as error:
            raise lost(error) from error

    async def look(self, url: str) -> None:
        """Return if a file is there; raises as `download`."""
        _check(await self._named(url, 1))

    async def get(self, url: str, max_bytes: int) -> httpx.Response:
        """Return what fal redirects to, with the first `max_bytes` of its body.

        Raises:
            FalUnavailable: There was no whole answer.
            FalFileRefused: The address, or one it redirects to, is none to go to.
        """
        return await self._got(url, max_bytes, {})

    async def _named(self, url: str, max_bytes: int) -> httpx.Response:
        try:
            extensions = _named(url)
        except httpx.InvalidURL as error:
            raise FalFileRefused("the address is malformed") from error
        return await self._got(url, max_bytes, extensions)

    async def _got(self, url: str, max_bytes: int, extensions: dict[str, Any]) -> httpx.Response:
        try:
            async with (
                asyncio.timeout(self._total_s),
                self._http.stream("GET", url, extensions=extensions) as response,
            ):
                content = await read_up_to(response, max_bytes)
        except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError) as error:
            raise FalFileRefused("the address is malformed") from error
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            raise lost(error) from error
        return read_answer(response, content, response.request)


def _named(url: str) -> dict[str, Any]:
    return {NAMED: str(httpx.URL(url))}


def _check(response: httpx.Response) -> None:
    status = f"HTTP {response.status_code}"
    if response.status_code in LOST_FILE:
        raise FalResultGone(status)
    if not response.is_success:
        raise FalUnavailable(status, is_outage=is_outage(response))


async def _bounded(chunks: AsyncIterator[bytes], max_bytes: int) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > max_bytes:
            raise FalFileRefused(f"larger than {max_bytes} bytes")
        yield chunk
