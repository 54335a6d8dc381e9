"""What Telegram signs when it opens a Mini App, and whether it was really Telegram."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import parse_qsl

MAX_BYTES = 4096
MAX_FIELDS = 32
"""Telegram's own have about 700 bytes and ten fields."""

OLDEST_S = 3600.0
"""A page has to be opened again after an hour."""

AHEAD_S = 60.0
"""How much Telegram's clock may be ahead of ours."""


class NotFromTelegram(Exception):
    """The data is not signed with the bot's token, is too old, or makes no sense."""


@dataclass(frozen=True)
class Opener:
    """Who has opened the Mini App, and when (Unix time in seconds).

    `language_code` is what Telegram reports, if anything.
    """

    user_id: int
    language_code: str | None
    opened_at: int = 0


def secret_of(token: str) -> bytes:
    """Return what initData is signed with (core.telegram.org/bots/webapps)."""
    return hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()


def read_init_data(data: str, secret: bytes, now_s: float) -> Opener:
    """Return who has opened the Mini App.

    Args:
        data: The query string as the page got it.
        secret: See `secret_of`.
        now_s: Unix time.

    Raises:
        NotFromTelegram: It is not to be believed.
    """
    if len(data.encode()) > MAX_BYTES:
        raise NotFromTelegram
    try:
        # Blank values are signed, too.
        pairs = parse_qsl(
            data, keep_blank_values=True, strict_parsing=True, max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise NotFromTelegram from None
    fields = dict(pairs)
    given = fields.pop("hash", "")
    # A field that is there twice might be signed as one and read as the other.
    if len(fields) + 1 != len(pairs):
        raise NotFromTelegram
    lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    right = hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(given.encode(), right.encode()):
        raise NotFromTelegram
    return _opener(fields, now_s)


def _opener(fields: dict[str, str], now_s: float) -> Opener:
    try:
        opened_at = int(fields["auth_date"])
        user = json.loads(fields["user"])
        opener = Opener(int(user["id"]), user.get("language_code"), opened_at)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        raise NotFromTelegram from None
    if not -AHEAD_S <= now_s - opened_at <= OLDEST_S:
        raise NotFromTelegram
    return opener
