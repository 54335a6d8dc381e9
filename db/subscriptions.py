"""Credits that are bought each month."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.subscription_tables import SubscriptionRow
from db.values import columns_of, value_of, value_or_none
from services.domain.subscriptions import Subscription, SubscriptionState


class Subscriptions:
    """Subscriptions; whoever changes one has locked its invoice or its row."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, subscription: Subscription) -> None:
        """Keep a new one."""
        self._session.add(SubscriptionRow(**columns_of(subscription)))
        await self._session.flush()

    async def lock(self, subscription_id: str) -> Subscription | None:
        """Return one that nobody else changes until the transaction ends."""
        row = await self._session.get(
            SubscriptionRow,
            subscription_id,
            with_for_update={"key_share": True},
            populate_existing=True,
        )
        return value_or_none(Subscription, row)

    async def of_invoice(self, invoice_id: str, wallet_id: int) -> Sequence[Subscription]:
        """Return those that a wallet pays by an invoice; more than one where it was paid twice."""
        return await self._found(
            SubscriptionRow.invoice_id == invoice_id, SubscriptionRow.wallet_id == wallet_id
        )

    async def of_wallet(self, wallet_id: int) -> Sequence[Subscription]:
        """Return all of a wallet, oldest first."""
        return await self._found(SubscriptionRow.wallet_id == wallet_id)

    async def wished(self) -> Sequence[Subscription]:
        """Return those of which Telegram has still to be asked for something."""
        return await self._found(SubscriptionRow.wish.is_not(None))

    async def active(self, since: datetime) -> Sequence[Subscription]:
        """Return those that are renewed, and were paid until some moment at least."""
        return await self._found(
            SubscriptionRow.state == SubscriptionState.ACTIVE, SubscriptionRow.paid_until > since
        )

    async def change(self, subscription: Subscription) -> None:
        """Keep what became of one that is locked."""
        await self._session.execute(
            update(SubscriptionRow)
            .where(SubscriptionRow.id == subscription.id)
            .values(
                charge_id=subscription.charge_id,
                state=subscription.state,
                wish=subscription.wish,
                is_ours=subscription.is_ours,
                paid_until=subscription.paid_until,
                changed_at=subscription.changed_at,
            )
        )

    async def _found(self, *conditions: object) -> Sequence[Subscription]:
        rows = await self._session.scalars(
            select(SubscriptionRow)
            .where(*conditions)  # type: ignore[arg-type]  # columns compared to values
            .order_by(SubscriptionRow.created_at, SubscriptionRow.id)
            .execution_options(populate_existing=True)
        )
        return [value_of(Subscription, row) for row in rows]
