"""What is asked where others say whom to ask: only the public internet.

Used for files that fal's answers name, and for the addresses of users' own programs.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

HTTPS_PORT = 443

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

_NEVER_4 = (
    IPv4Network("192.0.0.0/24"),  # IETF protocols, some of which count as global
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
)

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
    elif any(address in network for network in _NEVER_4):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


@cache
def tls() -> ssl.SSLContext:
    """Return what certificates are checked by, read once: the authorities are many."""
    return httpx.create_ssl_context()
