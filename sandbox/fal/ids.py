"""Identifiers as fal makes them: UUID version 7 for requests, short opaque names for files."""

import secrets
import time
import uuid


def uuid7() -> str:
    """A fresh UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits.

    The request ids in fal's newer documentation are of this version; they sort by time.
    """
    milliseconds = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = (milliseconds & (1 << 48) - 1) << 80
    value |= 0x7 << 76
    value |= (random >> 62) << 64
    value |= 0b10 << 62
    value |= random & (1 << 62) - 1
    return str(uuid.UUID(int=value))


def store_name() -> str:
    """The random middle part of a CDN address, which makes the file unguessable."""
    return secrets.token_hex(8)
