"""What PUBLIC_URL may be."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

PORTS = (443, 80, 88, 8443)
"""Telegram pushes to no other ones (core.telegram.org/bots/api#setwebhook)."""


def check_public_url(value: str) -> None:
    """Check an address that Telegram and fal are to call.

    It is https on one of Telegram's ports. On this machine or in a private network, where only an
    own Bot API server can be (`--local`), it may be http on any port.

    Raises:
        ValueError: With what to do.
    """
    parts = urlsplit(value)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        msg = "not an address like https://bot.example.org"
        raise ValueError(msg)
    if parts.username or parts.query or parts.fragment:
        msg = "takes no user, query or fragment; write it like https://bot.example.org"
        raise ValueError(msg)
    if is_private(value):
        return
    if parts.scheme != "https":
        msg = "Telegram pushes to https only; put a reverse proxy with TLS in front of HTTP_PORT"
        raise ValueError(msg)
    if _port(parts) not in PORTS:
        msg = f"Telegram pushes to the ports {', '.join(map(str, PORTS))} only"
        raise ValueError(msg)


def is_private(value: str) -> bool:
    """Return whether an address is on this machine or in a private network."""
    host = urlsplit(value).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _port(parts: SplitResult) -> int:
    return parts.port or 443
