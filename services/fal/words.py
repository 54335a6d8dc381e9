"""fal's words as they may enter chats, rows and logs: without secrets, on one line, short.

fal may repeat anything it was sent. A key must not be shown to admins and kept, a newline must not
forge a line of the log, and an address may carry a token or be the only lock on a person's photos.
"""

import re
from urllib.parse import quote

HIDDEN = "[hidden]"

MAX_WORDS = 300
"""How much of fal's words is kept, in characters."""

MAX_RAW = 20_000
"""How much of an answer that cannot be read is kept for the admin, in characters."""

_LONGEST_READ = 2 * MAX_RAW
"""No more of a text is looked at, in characters."""

LEAST_SECRET = 4
"""A part of a key that is shorter hides nothing but other words."""

_LOOKS_SECRET = re.compile(
    # An Authorization header; words as in "Invalid Key Authorization header" are shorter.
    r"\b(?:Key|Bearer|Basic|Token)\s{1,9}[\w.~+/=:-]{16,2000}"
    # A fal key, whoever's it is: a UUID and a secret.
    r"|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?::|%3A)[\w-]{8,200}"
    # A JSON Web Token, as the CDN gives out.
    r"|\beyJ[\w-]{8,2000}\.[\w-]{8,4000}(?:\.[\w-]{0,2000})?"
    # A bot token.
    r"|(?<!\d)\d{6,12}:AA[\w-]{20,64}",
    re.IGNORECASE,
)

_ADDRESS = re.compile(
    r"(?P<scheme>\b[a-z][a-z0-9+.-]{1,15}://)(?:[^\s/?#@]{1,500}@)?"
    r"(?P<name>[^\s/?#'\"<>]{1,255})(?P<rest>\S*)",
    re.IGNORECASE,
)

_LINE_BREAKS = "\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"


class Words:
    """Filters what fal says.

    Args:
        key: The key that fal was sent, `key_id:key_secret`; hidden whole, in its parts, and as a
            URL would spell it.
    """

    def __init__(self, key: str = "") -> None:
        forms = {part for part in (key, *key.split(":")) if len(part) >= LEAST_SECRET}
        forms |= {quote(form, safe="") for form in forms}
        longest_first = sorted(forms, key=len, reverse=True)
        self._key = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
        self._has_key = bool(forms)

    def short(self, said: object) -> str:
        """Return what fal said as one line of at most `MAX_WORDS` printable characters.

        Of an address only the host is left. What is no text is nothing.
        """
        if not isinstance(said, str):
            return ""
        text = self._without_secrets(said[:_LONGEST_READ])
        text = _escaped(_ADDRESS.sub(_host_alone, text)).strip()
        return text if len(text) <= MAX_WORDS else text[: MAX_WORDS - 1] + "…"

    def raw(self, content: bytes) -> str:
        """Return an answer as text for the admin, addresses included, without secrets."""
        text = self._without_secrets(content[:_LONGEST_READ].decode(errors="replace"))
        return _escaped(text[:MAX_RAW], kept="\n\t")[:MAX_RAW]

    def _without_secrets(self, text: str) -> str:
        if self._has_key:
            text = self._key.sub(HIDDEN, text)
        return _LOOKS_SECRET.sub(HIDDEN, text)


def _host_alone(match: re.Match[str]) -> str:
    return match["scheme"] + match["name"] + (f"/{HIDDEN}" if match["rest"] else "")


def _escaped(text: str, kept: str = "") -> str:
    """Spell out control characters, line breaks, direction overrides and lone surrogates."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in kept else _spelt(char) for char in text)


def _spelt(char: str) -> str:
    if char.isspace() and char not in _LINE_BREAKS:
        return " "
    return char.encode("unicode_escape").decode("ascii")
