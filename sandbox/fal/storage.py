"""What uploads leave behind before they are files: tokens, reserved addresses, parts."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sandbox.fal.files import MAX_KEPT_BYTES

TOKEN_LIFETIME_S = 3600.0
"""Of a CDN token; fal's own is not published."""


@dataclass
class MultipartUpload:
    """The parts of a large file, by their 1-based number."""

    path: str
    parts: dict[int, bytes] = field(default_factory=dict)

    def add(self, number: int, data: bytes) -> str:
        """Keep a part and return its ETag."""
        self.parts[number] = data
        return etag(data)

    def join(self, listed: list[tuple[int, str]]) -> bytes:
        """The whole file.

        Raises:
            ValueError: A listed part is unknown or has another ETag.
        """
        for number, tag in listed:
            if number not in self.parts or etag(self.parts[number]) != tag:
                raise ValueError(f"part {number} does not match")
        return b"".join(self.parts[number] for number, _ in sorted(listed))


def etag(data: bytes) -> str:
    """The quoted digest of a part."""
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


class Uploads:
    """Tokens of the CDN and uploads on their way."""

    def __init__(self, now: Callable[[], float], max_bytes: int = MAX_KEPT_BYTES) -> None:
        self._now = now
        self._max_bytes = max_bytes
        self._tokens: dict[str, float] = {}
        self.reserved: dict[str, str] = {}
        """Secret of an upload address -> path of the file."""
        self.multipart: dict[str, MultipartUpload] = {}

    def begin_multipart(self, name: str, path: str) -> None:
        """Expect the parts of a file; uploads that were begun long ago and never ended go."""
        self.multipart[name] = MultipartUpload(path)
        while len(self.multipart) > 1 and self._waiting_bytes() > self._max_bytes:
            del self.multipart[next(iter(self.multipart))]

    def _waiting_bytes(self) -> int:
        return sum(
            len(part) for upload in self.multipart.values() for part in upload.parts.values()
        )

    def new_token(self) -> tuple[str, str]:
        """A token and its expiry in ISO 8601 with a timezone, which fal_client compares."""
        token = secrets.token_urlsafe(32)
        expires_at = self._now() + TOKEN_LIFETIME_S
        self._tokens[token] = expires_at
        return token, datetime.fromtimestamp(expires_at, UTC).isoformat()

    def is_valid(self, authorization: str | None) -> bool:
        """Whether a header holds a token that has not expired."""
        scheme, _, token = (authorization or "").partition(" ")
        return scheme.lower() == "bearer" and self._tokens.get(token, 0) > self._now()

    def reserve(self, path: str) -> str:
        """The secret that lets anyone put the bytes of this file."""
        secret = secrets.token_urlsafe(24)
        self.reserved[secret] = path
        return secret
