"""What the bot signs itself: sessions of pages, and addresses that an <img> can open."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

SESSION_S = 3600
"""A session is renewed while its page is open, until `PAGE_LIVES_S` after it was opened."""

PAGE_LIVES_S = 24 * 3600

ADDRESS_S = 3600
"""How long an address opens at least. Ends fall on full hours, so that browsers can keep what they
have loaded: an address is good for up to twice as long."""

SESSION_PREFIX = "page."


@dataclass(frozen=True)
class Session:
    """A page that somebody has open; times are Unix times in seconds."""

    user_id: int
    opened_at: int
    ends_at: int


class Signatures:
    """Signs with a key derived from the bot's token: a new token ends all that was signed.

    Args:
        secret: What Telegram signs initData with.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.new(secret, b"NeuroPhoto signatures", hashlib.sha256).digest()

    def token_of(self, user_id: int, opened_at: int, now_s: float) -> tuple[str, Session] | None:
        """Return a session with its token; None once its page has been open for too long."""
        ends_at = min(int(now_s) + SESSION_S, opened_at + PAGE_LIVES_S)
        if ends_at <= now_s:
            return None
        session = Session(user_id, opened_at, ends_at)
        fields = json.dumps([user_id, opened_at, ends_at]).encode()
        words = base64.urlsafe_b64encode(fields).decode().rstrip("=")
        return f"{SESSION_PREFIX}{words}.{self._sign('session', words)}", session

    def session_of(self, token: str, now_s: float) -> Session | None:
        """Return the session of a token; None where it is not ours, or over."""
        words, _, given = token.removeprefix(SESSION_PREFIX).partition(".")
        right = self._sign("session", words)
        if not hmac.compare_digest(given.encode(), right.encode()):
            return None
        session = Session(*json.loads(base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))))
        return session if session.ends_at > now_s else None

    def address(self, path: str, user_id: int, now_s: float, **more: str) -> str:
        """Return an address below /api that its owner can open without a header, for a while.

        Args:
            path: What is opened, without /api.
            user_id: Who may open it.
            now_s: Unix time.
            more: Is not signed: tells versions apart.
        """
        until = str((int(now_s) // ADDRESS_S + 2) * ADDRESS_S)
        signed = self._sign("address", path, str(user_id), until)
        query = {"user": str(user_id), "until": until, "signature": signed, **more}
        return f"/api{path}?{urlencode(query)}"

    def opener_of(self, path: str, query: QueryParams, now_s: float) -> int | None:
        """Return who may open an address; None where it is not signed by us, or too old."""
        user, until = query.get("user", ""), query.get("until", "")
        right = self._sign("address", path, user, until)
        if not hmac.compare_digest(query.get("signature", "").encode(), right.encode()):
            return None
        return int(user) if int(until) > now_s else None

    def _sign(self, *words: str) -> str:
        lines = "\n".join(words).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, lines, hashlib.sha256).hexdigest()[:43]
