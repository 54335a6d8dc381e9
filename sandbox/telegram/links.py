"""Which addresses Telegram accepts in links and buttons (tdlib, LinkManager::check_link)."""

from urllib.parse import urlsplit


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
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme.lower()}://{place}{parts.path or '/'}{query}{fragment}"


def checked_link(link: str) -> str | None:
    """`normal_link`, or None where it refuses (HTML links that are refused become plain text)."""
    try:
        return normal_link(link)
    except LinkError:
        return None
