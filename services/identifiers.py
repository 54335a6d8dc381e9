"""Ids of rows that users can point at with a button."""

import secrets

ID_BYTES = 9
"""72 random bits: not to be guessed, and 12 characters, which callback data has room for."""


def new_id() -> str:
    """Return a fresh unguessable id of 12 characters (A-Z a-z 0-9 - _)."""
    return secrets.token_urlsafe(ID_BYTES)
