"""The way to files: only to addresses on the public internet, checked after resolving.

fal's answers name files on hosts that cannot be known beforehand (its own CDN, storage buckets),
so a host is judged by where it leads. An answer must not make this machine ask itself, its network
or its cloud's metadata service, neither by the name, nor by what the name resolves to, nor by a
redirect, which comes through here again.

A server that stands for fal is the operator's own: what it names on its own host is gone to, on
any port where that host is this machine or a private address. A redirect leads there from nowhere.
"""

import re
from collections.abc import Sequence
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpx

from services.errors import FalFileRefused
from services.fal.transport import FalAddresses
from services.internet import HTTPS_PORT, Resolve, is_public, resolve, tls

NAMED: Final = "named"
"""The name of the request extension with the address that fal's answer itself names; a redirect
takes it along, and has another address."""

MOST_TRIED = 3
"""So many addresses of one name are tried."""

_HOST = re.compile(rb"[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}(?:%[A-Za-z0-9]{1,20})?")
"""A name or an IP address, as httpx gives it."""


class PublicTransport(httpx.AsyncBaseTransport):
    """Sends a request to a public https address, or to the server that stands for fal.

    The connection goes to the very address that was checked, so a name that resolves to another
    one a moment later gains nothing; the certificate is still checked against the name.

    Args:
        addresses: Knows the server that stands for fal.
        inner: Sends; see `OwnConnections`.
        resolve: Returns the IP addresses of a host.
    """

    def __init__(
        self,
        addresses: FalAddresses,
        inner: httpx.AsyncBaseTransport,
        resolve: Resolve = resolve,
    ) -> None:
        self._addresses = addresses
        self._inner = inner
        self._resolve = resolve

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            FalFileRefused: Nothing is sent to such an address.
        """
        url = self._addresses.route(request.url)
        is_named = request.extensions.get(NAMED) == str(request.url)
        if self._addresses.is_stand_in(url) or (
            is_named and self._addresses.is_beside_stand_in(url)
        ):
            return await self._inner.handle_async_request(_sent_to(request, url, url))
        _check(url)
        name = url.raw_host.decode("ascii")
        tried = [ip for ip in await self._resolved(name) if is_public(ip)][:MOST_TRIED]
        if not tried:
            raise FalFileRefused("the host leads to no public address")
        for ip in tried[:-1]:
            try:
                return await self._sent(request, url, ip)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._sent(request, url, tried[-1])

    async def _resolved(self, host: str) -> Sequence[str]:
        try:
            return await self._resolve(host)
        except (OSError, UnicodeError) as error:
            msg = f"the host cannot be resolved ({type(error).__name__})"
            raise httpx.ConnectError(msg) from error

    async def _sent(self, request: httpx.Request, url: httpx.URL, ip: str) -> httpx.Response:
        if is_proxied(url.host):
            # The proxy connects, from its own network, and by name only.
            return await self._inner.handle_async_request(_sent_to(request, url, url))
        pinned = _sent_to(request, url, url.copy_with(host=ip))
        pinned.extensions["sni_hostname"] = url.raw_host.decode("ascii")
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class OwnConnections(httpx.AsyncBaseTransport):
    """Sends each request over a connection of its own, by way of the environment's proxies.

    A pool would tell connections apart by IP address, and hosts may share one.
    """

    def __init__(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(verify=tls(), limits=limits, follow_redirects=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        return await self._client.send(request, stream=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def is_proxied(host: str) -> bool:
    """Return whether the environment sends https to a host by way of a proxy."""
    proxies = getproxies()
    return bool(proxies.get("https") or proxies.get("all")) and not proxy_bypass(host)


def _check(url: httpx.URL) -> None:
    if url.scheme != "https":
        raise FalFileRefused("the address is not https")
    if url.userinfo:
        raise FalFileRefused("the address names a user")
    if url.port not in {None, HTTPS_PORT}:
        raise FalFileRefused("the address names a port")
    if not _HOST.fullmatch(url.raw_host):
        raise FalFileRefused("the address names no host")


def _sent_to(request: httpx.Request, named: httpx.URL, url: httpx.URL) -> httpx.Request:
    headers = request.headers.copy()
    headers["Host"] = named.netloc.decode("ascii")
    return httpx.Request(
        request.method,
        url,
        headers=headers,
        stream=request.stream,
        extensions=dict(request.extensions),
    )
