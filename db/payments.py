"""Invoices that were sent, and the payments that Telegram has taken."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import credit_tables as tables
from db.upsert import insert_missing
from db.values import columns_of, value_of, value_or_none
from services.domain.credits import Invoice, InvoiceKind, InvoiceState, Payment, PaymentState


class Payments:
    """Invoices and payments."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_invoice(self, invoice: Invoice) -> None:
        """Keep a new invoice."""
        self._session.add(tables.Invoice(**columns_of(invoice)))
        await self._session.flush()

    async def lock_invoice(self, invoice_id: str) -> Invoice | None:
        """Return an invoice that nobody else changes until the transaction ends."""
        row = await self._session.get(
            tables.Invoice, invoice_id, with_for_update={"key_share": True}, populate_existing=True
        )
        return value_or_none(Invoice, row)

    async def approve(self, invoice_id: str, moment: datetime) -> None:
        """Note that a checkout was agreed to."""
        await self._change_invoice(invoice_id, approved_at=moment)

    async def close_invoice(self, invoice_id: str, state: InvoiceState) -> None:
        """Let an invoice be paid no more."""
        await self._change_invoice(invoice_id, state=state)

    async def void_top_ups(self, wallet_id: int) -> None:
        """Let no open invoice of a wallet be paid any more that was for what an order lacked."""
        await self._session.execute(
            update(tables.Invoice)
            .where(
                tables.Invoice.wallet_id == wallet_id,
                tables.Invoice.kind == InvoiceKind.TOP_UP,
                tables.Invoice.state == InvoiceState.OPEN,
            )
            .values(state=InvoiceState.VOID)
        )

    async def void_offers(self, wallet_id: int) -> None:
        """Let no open invoice of a wallet be paid any more."""
        await self._session.execute(
            update(tables.Invoice)
            .where(
                tables.Invoice.wallet_id == wallet_id,
                tables.Invoice.state == InvoiceState.OPEN,
            )
            .values(state=InvoiceState.VOID)
        )

    async def net_stars(self) -> int:
        """Sum the Stars of all payments that were not given back."""
        query = select(func.sum(tables.Payment.stars))
        kept = query.where(tables.Payment.state != PaymentState.REFUNDED)
        return int(await self._session.scalar(kept) or 0)

    async def record(self, payment: Payment) -> bool:
        """Keep a payment.

        Returns:
            Whether it is new: the database decides, so it is credited once.
        """
        return await insert_missing(
            self._session, tables.Payment, columns_of(payment), index_elements=["charge_id"]
        )

    async def get(self, charge_id: str) -> Payment | None:
        """Return a payment."""
        return value_or_none(Payment, await self._session.get(tables.Payment, charge_id))

    async def lock(self, charge_id: str) -> Payment | None:
        """Return a payment that nobody else changes until the transaction ends."""
        row = await self._session.get(
            tables.Payment, charge_id, with_for_update={"key_share": True}, populate_existing=True
        )
        return value_or_none(Payment, row)

    async def change(self, payment: Payment) -> None:
        """Keep what became of a payment that is locked."""
        await self._session.execute(
            update(tables.Payment)
            .where(tables.Payment.charge_id == payment.charge_id)
            .values(
                state=payment.state,
                frozen_paid=payment.frozen_paid,
                frozen_bonus=payment.frozen_bonus,
                refunded_by=payment.refunded_by,
            )
        )

    async def of_wallet(self, wallet_id: int) -> Sequence[Payment]:
        """Return the payments of a wallet, newest first."""
        rows = await self._session.scalars(
            select(tables.Payment)
            .where(tables.Payment.wallet_id == wallet_id)
            .order_by(tables.Payment.paid_at.desc(), tables.Payment.charge_id.desc())
        )
        return [value_of(Payment, row) for row in rows]

    async def of_subscription(self, subscription_id: str) -> Sequence[Payment]:
        """Return the payments of a subscription, oldest first."""
        rows = await self._session.scalars(
            select(tables.Payment)
            .where(tables.Payment.subscription_id == subscription_id)
            .order_by(tables.Payment.paid_at, tables.Payment.charge_id)
            .execution_options(populate_existing=True)
        )
        return [value_of(Payment, row) for row in rows]

    async def note_paid_until(self, charge_id: str, until: datetime) -> None:
        """Note the end of the month that a payment of a subscription is for."""
        await self._session.execute(
            update(tables.Payment)
            .where(tables.Payment.charge_id == charge_id)
            .values(paid_until=until)
        )

    async def refunding(self) -> Sequence[Payment]:
        """Return the payments that are being given back."""
        rows = await self._session.scalars(
            select(tables.Payment).where(tables.Payment.state == PaymentState.REFUNDING)
        )
        return [value_of(Payment, row) for row in rows]

    async def newer_stars(self, payment: Payment) -> int:
        """Sum the Stars of later payments of the same wallet that were not given back."""
        total = await self._session.scalar(
            select(func.sum(tables.Payment.stars)).where(
                tables.Payment.wallet_id == payment.wallet_id,
                tables.Payment.state == PaymentState.PAID,
                or_(
                    tables.Payment.paid_at > payment.paid_at,
                    and_(
                        tables.Payment.paid_at == payment.paid_at,
                        tables.Payment.charge_id > payment.charge_id,
                    ),
                ),
            )
        )
        return int(total or 0)

    async def _change_invoice(self, invoice_id: str, **changes: object) -> None:
        await self._session.execute(
            update(tables.Invoice).where(tables.Invoice.id == invoice_id).values(**changes)
        )
