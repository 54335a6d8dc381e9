"""Secrets and signatures of Standard Webhooks (https://www.standardwebhooks.com, version 1)."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from services.domain.webhooks import Webhook

PREFIX = "whsec_"

SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> str:
    """Return a secret, as its user writes it down."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a message, with its version.

    Args:
        secret: As `new_secret` returns it.
        message_id: The same each time the message is sent.
        timestamp: When it is sent, in Unix time.
        body: What is sent.
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(key, signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def headers_of(webhook: Webhook, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver knows a message.

    While a secret is being changed for another, both sign.
    """
    secrets_now = [webhook.secret]
    if webhook.old_secret and webhook.old_until and webhook.old_until > at:
        secrets_now.append(webhook.old_secret)
    timestamp = int(at.timestamp())
    signatures = [sign(secret, message_id, timestamp, body) for secret in secrets_now]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
