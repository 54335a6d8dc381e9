"""What was asked for over HTTP, so that a request which comes again orders nothing more."""

from db.database import Transaction
from services.domain.api_keys import ApiRequest, Asking
from services.errors import RequestKeyReused


async def find_repeated(
    tx: Transaction, user_id: int, operation: str, asking: Asking
) -> str | None:
    """Return what the same request has led to already; None for one that is new.

    The user is to be locked, so that of two at once the second sees the first.

    Args:
        tx: The transaction that orders.
        user_id: Who asks.
        operation: What for, in a word.
        asking: How.

    Raises:
        RequestKeyReused: The caller's key belongs to another request.
    """
    before = await tx.api_requests.find(user_id, asking.key)
    if before is None:
        return None
    if (before.operation, before.fingerprint) != (operation, asking.fingerprint):
        raise RequestKeyReused
    return before.result_id


async def note_asked(
    tx: Transaction, user_id: int, operation: str, asking: Asking, result_id: str
) -> None:
    """Keep what a request has led to, in the transaction that orders it."""
    await tx.api_requests.add(
        ApiRequest(
            user_id=user_id,
            key=asking.key,
            operation=operation,
            fingerprint=asking.fingerprint,
            result_id=result_id,
        )
    )
