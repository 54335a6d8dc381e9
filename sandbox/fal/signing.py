"""fal's keys, and how it signs its calls (documentation of webhooks)."""

import base64
import hashlib
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sandbox.fal.failures import JsonObject

USER_ID = "github|sandbox"
"""Whose account it is; the real ids have no documented form."""


class Signer:
    """Two keys, as during a change of keys; calls are signed with the second."""

    def __init__(self) -> None:
        self._keys = [Ed25519PrivateKey.generate() for _ in range(2)]

    def key_set(self) -> JsonObject:
        """The JSON Web Key Set that fal publishes."""
        return {"keys": [_public(key) for key in self._keys]}

    def headers(self, request_id: str, body: bytes, timestamp: int) -> Mapping[str, str]:
        """The headers of a call that is signed at `timestamp` (Unix time)."""
        return _headers(self._keys[-1], request_id, body, timestamp)

    def forged_headers(self, request_id: str, body: bytes, timestamp: int) -> Mapping[str, str]:
        """The same by somebody who has none of fal's keys."""
        return _headers(Ed25519PrivateKey.generate(), request_id, body, timestamp)


def _headers(
    key: Ed25519PrivateKey, request_id: str, body: bytes, timestamp: int
) -> Mapping[str, str]:
    digest = hashlib.sha256(body).hexdigest()
    message = f"{request_id}\n{USER_ID}\n{timestamp}\n{digest}"
    return {
        "Content-Type": "application/json",
        "X-Fal-Webhook-Request-Id": request_id,
        "X-Fal-Webhook-User-Id": USER_ID,
        "X-Fal-Webhook-Timestamp": str(timestamp),
        "X-Fal-Webhook-Signature": key.sign(message.encode()).hex(),
    }


def _public(key: Ed25519PrivateKey) -> JsonObject:
    data = key.public_key().public_bytes_raw()
    x = base64.urlsafe_b64encode(data).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x}
