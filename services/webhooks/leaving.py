"""Leaves a message, in the transaction of what it tells."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from db.database import Transaction
from services.domain.webhooks import AddressNews, WebhookEvent, WebhookMessage
from services.identifiers import new_id

CHANNEL = "webhooks"
"""Woken with the id of a message that is to be sent now."""


async def leave_event(
    tx: Transaction, user_id: int, event: str, data: Callable[[], Awaitable[Mapping[str, Any]]]
) -> None:
    """Have a user's program told of an event; without an address nothing is done.

    Args:
        tx: The transaction of the event.
        user_id: Whose.
        event: A `WebhookEvent`.
        data: Returns what is told of it.
    """
    if await tx.webhooks.of(user_id) is not None:
        await _leave(tx, user_id, WebhookEvent(event), await data())


async def leave_news(tx: Transaction, user_id: int, news: AddressNews, host: str) -> None:
    """Have a user told in the chat of their address, in place of what is not told yet."""
    await tx.webhooks.remove_news(user_id)
    await _leave(tx, user_id, news, {"host": host})


async def _leave(tx: Transaction, user_id: int, kind: str, data: Mapping[str, Any]) -> None:
    message = WebhookMessage(id=new_id(), user_id=user_id, type=kind, data=data)
    await tx.webhooks.add(message)
    await tx.wake(CHANNEL, message.id)
