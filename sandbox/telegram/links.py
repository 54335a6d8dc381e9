"""Which addresses Telegram accepts in links and buttons (tdlib, LinkManager::check_link)."""

import ipaddress
import re
from typing import Any
from urllib.parse import urlsplit

from sandbox.telegram.dates import date_format

Json = dict[str, Any]

# `tg:host?query`, with or without slashes, in any letter case.
_APP_LINK = re.compile(r"tg:(?://)?([a-z]+)/?\?([^#]*)", re.IGNORECASE)


class LinkError(ValueError):
    """The address is refused; the text is the server's reason."""


def normal_link(link: str, *, https_only: bool = False) -> str:
    """Bring an address to the form Telegram shows, as `example.com` to `http://example.com/`.

    Raises:
        LinkError: with the server's reason. A host without a dot, such as `localhost`, is
            refused, as it is by the real server.
    """
    if link.lower().startswith("tg:"):
        if https_only:
            raise LinkError("Only HTTPS links are allowed")
        return "tg://" + link[3:].removeprefix("//")
    if "://" not in link:
        link = f"http://{link}"
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        raise LinkError("Wrong port number specified in the URL") from None
    if parts.scheme.lower() not in {"http", "https"}:
        raise LinkError("Unsupported URL protocol")
    host = parts.hostname or ""
    if not host:
        raise LinkError("URL host is empty")
    if https_only and parts.scheme.lower() != "https":
        raise LinkError("Only HTTPS links are allowed")
    if "." not in host and ":" not in host:
        raise LinkError("Wrong HTTP URL")
    if any(char.isspace() for char in link):
        raise LinkError("Wrong HTTP URL")
    shown_host = f"[{host}]" if ":" in host else host
    place = shown_host if port is None else f"{shown_host}:{port}"
    # What follows the host stays as it is, an empty query too.
    tail = re.sub(r"^[^/?#]*", "", link.partition("://")[2])
    slash = "" if tail.startswith("/") else "/"
    return f"{parts.scheme.lower()}://{place}{slash}{tail}"


def web_app_link(link: str) -> str:
    """`normal_link` for the page of a Mini App, which is https.

    On Telegram's test servers it may be http
    (core.telegram.org/bots/webapps#using-bots-in-the-test-environment); here the same is so on
    loopback, where no page can have a certificate.

    Raises:
        LinkError: with the server's reason.
    """
    return normal_link(link, https_only=not _is_loopback(link))


def _is_loopback(link: str) -> bool:
    try:
        return ipaddress.ip_address(urlsplit(link).hostname or "").is_loopback
    except ValueError:
        return False


def checked_link(link: str) -> str | None:
    """`normal_link`, or None where it refuses (HTML links that are refused become plain text)."""
    try:
        return normal_link(link)
    except LinkError:
        return None


def _app_query(url: str, host: str) -> dict[str, str]:
    """Parameters of a `tg://` address; none when it is another one's."""
    match = _APP_LINK.match(url)
    if match is None or match[1].lower() != host:
        return {}
    pairs = [part.partition("=") for part in match[2].split("&")]
    # The first of a name counts.
    return {name: value for name, _, value in reversed(pairs)}


def _number(text: str) -> int:
    """The number that tdlib reads; 0 for junk, a leading zero too."""
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,18}", text) else 0


def link_entity(url: str) -> Json | None:
    """What a marked-up link is: a mention of a user, a link, or None for a bad address.

    Nothing tells how a user is called whom the bot has not met; the name is made up.
    """
    user_id = _number(_app_query(url.lower(), "user").get("id", ""))
    if user_id:
        user = {"id": user_id, "is_bot": False, "first_name": "User"}
        return {"type": "text_mention", "user": user}
    link = checked_link(url)
    return None if link is None else {"type": "text_link", "url": link}


def emoji_of_link(url: str) -> Json | None:
    """The custom emoji that a `tg://emoji` address names."""
    emoji = _number(_app_query(url, "emoji").get("id", ""))
    return {"type": "custom_emoji", "custom_emoji_id": str(emoji)} if emoji else None


def date_of_link(url: str) -> Json | None:
    """The moment that a `tg://time` address names."""
    query = _app_query(url, "time")
    unix, shown = _number(query.get("unix", "")), date_format(query.get("format", ""))
    if not 0 < unix < 2**31 or shown is None:
        return None
    return {"type": "date_time", "unix_time": unix, "date_time_format": shown}
