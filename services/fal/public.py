"""The way to files: only to addresses on the public internet, checked after resolving.

fal's answers name files on hosts that cannot be known beforehand (its own CDN, storage buckets),
so a host is judged by where it leads. An answer must not make this machine ask itself, its network
or its cloud's metadata service, neither by the name, nor by what the name resolves to, nor by a
redirect, which comes through here again.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.request import getproxies, proxy_bypass

import httpx

from services.errors import FalFileRefused
from services.fal.transport import FalAddresses

HTTPS_PORT = 443

MOST_TRIED = 3
"""So many addresses of one name are tried."""

_NAT64 = IPv6Network("64:ff9b::/96")
"""Its addresses are IPv4 addresses to the network (RFC 6052)."""

_NEVER = tuple(
    IPv6Network(network)
    for network in (
        "::/96",  # IPv4-compatible, long given up
        "::ffff:0:0/96",  # IPv4-mapped: an IPv4 address to the operating system
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b:1::/48",  # NAT64 of a local network
        "100::/64",  # discard
        "2001::/23",  # Teredo, ORCHID and others of IETF protocols
        "2002::/16",  # 6to4: holds an IPv4 address
        "fec0::/10",  # site-local, long given up
    )
)

_HOST = re.compile(rb"[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:.]{2,45}(?:%[A-Za-z0-9]{1,20})?")
"""A name or an IP address, as httpx gives it."""

Resolve = Callable[[str], Awaitable[Sequence[str]]]


async def resolve(host: str) -> Sequence[str]:
    """Return the IP addresses of a host as the operating system resolves it.

    Raises:
        OSError: There are none.
        UnicodeError: The name is none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def is_public(text: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    Loopback, private, link-local (with the clouds' metadata service), shared (CGNAT), multicast,
    reserved and documentation addresses do not, nor do IPv6 addresses that stand for such ones.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if address.scope_id is not None or any(address in network for network in _NEVER):
            return False
        if address in _NAT64:
            return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
    return address.is_global and not (address.is_multicast or address.is_reserved)


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
        if self._addresses.is_stand_in(url):
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
        self._client = httpx.AsyncClient(verify=_tls(), limits=limits, follow_redirects=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        return await self._client.send(request, stream=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


@cache
def _tls() -> ssl.SSLContext:
    """Return what certificates are checked by, read once: the authorities are many."""
    return httpx.create_ssl_context()


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
