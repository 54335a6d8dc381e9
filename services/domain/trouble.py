"""Trouble of ours that every room has to know."""


class DatabaseUnavailable(Exception):
    """The database is locked, full or out of reach: the same may succeed later."""
