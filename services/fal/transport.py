"""Where requests to fal go, what bounds them, and the rule that a submit leaves at most once."""

import asyncio
import importlib.util
import sys
import time
from collections.abc import Callable
from ipaddress import ip_address
from typing import Final

import httpx

from services.errors import FalOutcomeUnknown, FalUnavailable
from services.fal.answers import MAX_ANSWER_BYTES
from services.fal.failures import is_outage, lost, outcome_unknown

if importlib.util.find_spec("sniffio") is None:
    # httpcore looks for it on the disk several times a request; now Python knows without looking.
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # how an import is said to fail

TOTAL_S: Final = "total_s"
"""The name of the request extension that sets the total time of a request, in seconds."""

DEFAULT_TOTAL_S = 600.0
"""For what sets no total time itself: fal-client's own uploads."""

HOST_PREFIXES = {
    "fal.run": "run",
    "falrun.com": "run",
    "queue.fal.run": "queue",
    "queue.falrun.com": "queue",
    "rest.fal.ai": "rest",
    "rest.alpha.fal.ai": "rest",
    "v3.fal.media": "cdn",
    "v3b.fal.media": "cdn",
    "fal.media": "cdn",
    "api.fal.ai": "api",
}
"""fal's hosts (backup domains and older names included) and the path that stands for each one
when `FAL_API_URL` is set."""

NOT_ACCEPTED_STATUSES = frozenset({409, 429})
"""Refusals that fal-client would answer by sending the submit again (its RETRY_CODES)."""


Observer = Callable[[str, httpx.URL, int | None, float], None]
"""Is told of each request: its method and address, before that is mapped, the status of the answer
(None where there was no whole one), and the seconds it took."""


class FalAddresses:
    """Maps fal's own addresses to another server, or leaves them alone.

    Args:
        base_url: Empty for fal itself, or an http(s) URL without a trailing slash.
    """

    def __init__(self, base_url: str = "") -> None:
        self._base = httpx.URL(base_url) if base_url else None

    def route(self, url: httpx.URL) -> httpx.URL:
        """Return the address a request for `url` really goes to."""
        prefix = HOST_PREFIXES.get(url.host)
        if self._base is None or prefix is None:
            return url
        path = self._base.raw_path.rstrip(b"/") + b"/" + prefix.encode() + url.raw_path
        return self._base.copy_with(raw_path=path)

    def is_stand_in(self, url: httpx.URL) -> bool:
        """Return whether an address is on the server that stands for fal, if one does."""
        return self._base is not None and same_origin(url, self._base)

    def is_beside_stand_in(self, url: httpx.URL) -> bool:
        """Return whether an address is on the host of that server, on this machine or near it.

        Such a server may keep its files on a port of their own.
        """
        if self._base is None or url.userinfo or not is_near(self._base.host):
            return False
        return _origin(url)[:2] == _origin(self._base)[:2]

    def may_have_key(self, url: httpx.URL, asked: httpx.URL) -> bool:
        """Return whether a redirect from `asked` to `url` stays with fal itself."""
        is_fal = self._base is None and url.scheme == "https" and url.host in HOST_PREFIXES
        return is_fal or same_origin(self.route(url), self.route(asked))


def is_near(host: str) -> bool:
    """Return whether a host is this machine, or an address of a private network.

    Link-local ones, where clouds have their metadata service, are not.
    """
    if host in _LOOPBACK:
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or (address.is_private and not address.is_link_local)


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Return whether scheme, host and port are the same."""
    return _origin(one) == _origin(other)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    host = "localhost" if url.host in _LOOPBACK else url.host
    return url.scheme, host, url.port or {"http": 80, "https": 443}.get(url.scheme)


_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Names of this machine; a server here may call itself by another one than `FAL_API_URL` does."""


class FalTransport(httpx.AsyncBaseTransport):
    """The way to fal: routes and bounds every request, and never lets a submit be repeated.

    An answer is read here, up to `MAX_ANSWER_BYTES`: a longer one is cut, and then is no JSON. The
    total time of a request covers connecting, sending and reading.

    fal has no idempotency key, so a submit is never sent a second time. A request that provably
    never left may be tried later (`FalUnavailable`); anything else is `FalOutcomeUnknown`.

    Args:
        addresses: Where requests really go.
        inner: Sends them.
        observer: Is told of each.
    """

    def __init__(
        self,
        addresses: FalAddresses,
        inner: httpx.AsyncBaseTransport,
        observer: Observer | None = None,
    ) -> None:
        self._addresses = addresses
        self._inner = inner
        self._observer = observer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            FalUnavailable: A submit was not accepted and may be sent again later.
            FalOutcomeUnknown: A submit may have been accepted.
        """
        is_submit = request.method == "POST" and HOST_PREFIXES.get(request.url.host) == "queue"
        asked = request.url
        request.url = self._addresses.route(asked)
        request.headers["Host"] = request.url.netloc.decode("ascii")
        if not is_submit:
            return await self._observed(request, asked)
        return await self._submit_once(request, asked)

    async def _submit_once(self, request: httpx.Request, asked: httpx.URL) -> httpx.Response:
        try:
            response = await self._observed(request, asked)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise lost(error) from error
        except httpx.HTTPError as error:
            raise outcome_unknown(error) from error
        status = f"HTTP {response.status_code}"
        if response.status_code in NOT_ACCEPTED_STATUSES:
            raise FalUnavailable(status, is_outage=is_outage(response))
        if response.status_code == httpx.codes.REQUEST_TIMEOUT or response.is_server_error:
            raise FalOutcomeUnknown(status, is_outage=is_outage(response))
        return response

    async def _observed(self, request: httpx.Request, asked: httpx.URL) -> httpx.Response:
        began, status = time.perf_counter(), None
        try:
            response = await self._answer(request)
            status = response.status_code
            return response
        finally:
            if self._observer is not None:
                took_s = time.perf_counter() - began
                self._observer(request.method, asked, status, took_s)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        total_s = request.extensions.get(TOTAL_S, DEFAULT_TOTAL_S)
        try:
            async with asyncio.timeout(total_s):
                return await self._read(request)
        except TimeoutError as error:
            msg = f"no whole answer within {total_s} s"
            raise httpx.ReadTimeout(msg, request=request) from error

    async def _read(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        try:
            content = await read_up_to(response, MAX_ANSWER_BYTES)
        finally:
            await response.aclose()
        return read_answer(response, content, request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


_ABOUT_THE_BODY = frozenset({b"content-length", b"content-encoding", b"transfer-encoding"})
"""Headers that are not true any more of a body that was decoded, and perhaps cut."""


def read_answer(
    response: httpx.Response, content: bytes, request: httpx.Request | None = None
) -> httpx.Response:
    """Return an answer with what was read of its body."""
    kept = [item for item in response.headers.raw if item[0].lower() not in _ABOUT_THE_BODY]
    return httpx.Response(
        response.status_code,
        headers=kept,
        content=content,
        request=request,
        extensions=response.extensions,
    )


async def read_up_to(response: httpx.Response, max_bytes: int) -> bytes:
    """Return the decoded body, or its first `max_bytes` bytes if it is longer."""
    received = bytearray()
    async for chunk in response.aiter_bytes():
        received += chunk
        if len(received) > max_bytes:
            break
    return bytes(received[:max_bytes])
