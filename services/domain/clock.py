"""The one clock of the product: aware UTC times."""

from datetime import UTC, datetime

__all__ = ["UTC", "now"]


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)
