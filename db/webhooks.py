"""The addresses of users' own programs, and the messages that are on their way there."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import tables
from db.claims import Claims
from db.values import columns_of, value_or_none
from services.domain.clock import now
from services.domain.webhooks import AddressNews, Webhook, WebhookEvent, WebhookMessage


class Webhooks:
    """At most one address a person; a message is kept until it has arrived or is given up."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @property
    def claims(self) -> Claims:
        """What replicas have in hand."""
        return Claims(self._session, tables.WebhookMessage, true())

    async def of(self, user_id: int) -> Webhook | None:
        """Return somebody's address."""
        row = await self._session.get(tables.Webhook, user_id, populate_existing=True)
        return value_or_none(Webhook, row)

    async def lock(self, user_id: int) -> Webhook | None:
        """Return somebody's address, which nobody else changes until the transaction ends."""
        row = await self._session.get(
            tables.Webhook, user_id, populate_existing=True, with_for_update=True
        )
        return value_or_none(Webhook, row)

    async def put(self, webhook: Webhook) -> None:
        """Keep an address, in the place of the one before."""
        await self._session.merge(tables.Webhook(**columns_of(webhook)))
        await self._session.flush()

    async def note_delivered(self, user_id: int, at: datetime) -> None:
        """Note that an address takes messages."""
        await self._session.execute(
            update(tables.Webhook).where(tables.Webhook.user_id == user_id).values(delivered_at=at)
        )

    async def remove_of(self, user_id: int) -> bool:
        """Forget somebody's address and what is on its way there; tells whether there was one."""
        await self._session.execute(
            delete(tables.WebhookMessage).where(
                tables.WebhookMessage.user_id == user_id,
                tables.WebhookMessage.type.in_(list(WebhookEvent)),
            )
        )
        gone = await self._session.scalars(
            delete(tables.Webhook)
            .where(tables.Webhook.user_id == user_id)
            .returning(tables.Webhook.user_id)
        )
        return bool(gone.all())

    async def remove_news(self, user_id: int) -> None:
        """Forget what somebody has not been told yet of their address: it is not so any more."""
        await self._session.execute(
            delete(tables.WebhookMessage).where(
                tables.WebhookMessage.user_id == user_id,
                tables.WebhookMessage.type.in_(list(AddressNews)),
            )
        )

    async def add(self, message: WebhookMessage) -> None:
        """Keep a new message."""
        values: Mapping[str, Any] = {**columns_of(message), "data": dict(message.data)}
        self._session.add(tables.WebhookMessage(**values))
        await self._session.flush()

    async def message(self, message_id: str) -> WebhookMessage | None:
        """Return a message that is on its way."""
        row = await self._session.get(tables.WebhookMessage, message_id, populate_existing=True)
        return value_or_none(WebhookMessage, row)

    async def waiting(self, user_id: int) -> int:
        """Return how many messages are on their way to somebody's program."""
        count = await self._session.scalar(
            select(func.count()).where(
                tables.WebhookMessage.user_id == user_id,
                tables.WebhookMessage.type.in_(list(WebhookEvent)),
            )
        )
        return count or 0

    async def hurry(self, user_id: int) -> Sequence[str]:
        """Have all that is on its way to somebody's program due now; return the ids."""
        rows = await self._session.scalars(
            update(tables.WebhookMessage)
            .where(
                tables.WebhookMessage.user_id == user_id,
                tables.WebhookMessage.type.in_(list(WebhookEvent)),
            )
            .values(next_at=now())
            .returning(tables.WebhookMessage.id)
        )
        return rows.all()

    async def note_tried(self, message_id: str, tries: int, next_at: datetime) -> None:
        """Note that a message was sent and did not arrive."""
        await self._session.execute(
            update(tables.WebhookMessage)
            .where(tables.WebhookMessage.id == message_id)
            .values(tries=tries, next_at=next_at)
        )

    async def remove(self, message_id: str) -> None:
        """Forget a message."""
        await self._session.execute(
            delete(tables.WebhookMessage).where(tables.WebhookMessage.id == message_id)
        )
