"""Refuses what a replica writes after its lease was ended: others have its work by then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncSession

from services.domain.trouble import LeaseLost

T = TypeVar("T")

_owner: ContextVar[int | None] = ContextVar("owner", default=None)

# Nobody can end the replica before the transaction that holds its row has ended.
_HOLD = text("SELECT 1 FROM replicas WHERE id = :owner FOR KEY SHARE")


@contextmanager
def fenced(replica_id: int | None) -> Iterator[None]:
    """Have all transactions in this block fail when that replica was ended; None fences nothing.

    Work that was claimed is done in here, with the number of the replica that claimed it: what one
    process writes and what is then freed for others never overlap. On SQLite there is nobody else.
    """
    token = _owner.set(replica_id)
    try:
        yield
    finally:
        _owner.reset(token)


def fence() -> int | None:
    """Return the replica that the present work belongs to, if it was claimed."""
    return _owner.get()


async def hold_fence(transaction: AsyncSession) -> None:
    """Keep the replica from being ended until the transaction has; needs PostgreSQL.

    Raises:
        LeaseLost: It was ended already.
    """
    owner = _owner.get()
    if owner is not None and await transaction.scalar(_HOLD, {"owner": owner}) is None:
        raise LeaseLost


def behind_fence(work: Callable[[Connection], T]) -> Callable[[Connection], T]:
    """Return the work of a transaction that begins as `hold_fence` does, and raises as it does."""
    owner = _owner.get()

    def fenced_work(connection: Connection) -> T:
        if owner is not None and connection.scalar(_HOLD, {"owner": owner}) is None:
            raise LeaseLost
        return work(connection)

    return fenced_work
