"""Stars that come and go: invoices, payments, and refunds.

A payment that Telegram has taken is the payer's, whatever we think of its invoice. Nothing here
calls Telegram: a transaction that holds money never waits for others.
"""

import secrets
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum

from db.database import Transaction
from services.domain.clock import now
from services.domain.credits import (
    Entry,
    EntryKind,
    FoundIn,
    Invoice,
    InvoiceKind,
    InvoiceState,
    Movement,
    NoteKind,
    Payment,
    PaymentState,
    Pot,
    RefundedBy,
)
from services.errors import NotFound, StaleButton
from services.money.charges import Charge
from services.money.notes import drop_note, leave_note
from services.money.passing import Passing
from services.money.referrals import Referrals
from services.money.subscriptions import Subscriptions

INVOICE_LIVES = timedelta(hours=24)
"""Prices change, and an offer from long ago is not wanted any more."""

TAPS_APART = timedelta(seconds=30)
"""Two taps on Pay are two charges; a second checkout within this long is refused."""

TELEGRAM, SYSTEM = "telegram", "system"

NOTES = {
    EntryKind.PAYMENT: NoteKind.PAID,
    EntryKind.SUBSCRIPTION: NoteKind.SUBSCRIBED,
    EntryKind.RENEWAL: NoteKind.RENEWED,
}
"""What is told of a payment, by what it is in the ledger."""


class CheckoutRefusal(StrEnum):
    """Why an invoice cannot be paid."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    OVER = "over"
    UNDER_WAY = "under_way"
    BUSY = "busy"
    MAINTENANCE = "maintenance"
    SUBSCRIBED = "subscribed"


class Purchases:
    """Moves Stars, within the transaction that the event belongs to; each event once."""

    def __init__(self) -> None:
        self._subscriptions = Subscriptions()

    async def offer(
        self, tx: Transaction, user_id: int, kind: InvoiceKind, stars: int, bonus: int = 0
    ) -> Invoice:
        """Make an invoice for a user.

        Args:
            tx: The transaction.
            user_id: Who may pay it.
            kind: What it offers.
            stars: What it costs, and how many credits it brings.
            bonus: How many credits it brings beyond that.
        """
        wallet = await tx.wallets.of_user(user_id)
        invoice = Invoice(
            id=secrets.token_urlsafe(18),
            wallet_id=wallet.id,
            kind=kind,
            stars=stars,
            bonus=bonus,
            expires_at=now() + INVOICE_LIVES,
        )
        await tx.payments.add_invoice(invoice)
        return invoice

    async def check_out(
        self, tx: Transaction, user_id: int, payload: str, stars: int
    ) -> CheckoutRefusal | None:
        """Agree to a payment that is about to be made, or say why not. Nothing moves.

        Args:
            tx: The transaction.
            user_id: Who wants to pay.
            payload: The invoice's, as Telegram says it.
            stars: The amount, as Telegram says it.
        """
        invoice = await tx.payments.lock_invoice(payload)
        if invoice is None or invoice.stars != stars:
            return CheckoutRefusal.UNKNOWN
        wallet = await tx.wallets.find(user_id)
        if wallet is None or wallet.id != invoice.wallet_id:
            return CheckoutRefusal.NOT_YOURS
        if await self._subscriptions.is_renewal(tx, invoice):
            return None
        refusal = await self._closed(tx, invoice)
        if refusal is None:
            await tx.payments.approve(invoice.id, now())
        return refusal

    async def _closed(self, tx: Transaction, invoice: Invoice) -> CheckoutRefusal | None:
        """Return why an invoice is not paid now by who it was made for."""
        moment = now()
        if invoice.state is not InvoiceState.OPEN or invoice.expires_at < moment:
            return CheckoutRefusal.OVER
        is_monthly = invoice.kind is InvoiceKind.SUBSCRIPTION
        if is_monthly and await self._subscriptions.renews(tx, invoice.wallet_id):
            return CheckoutRefusal.SUBSCRIBED
        if invoice.approved_at is not None and invoice.approved_at > moment - TAPS_APART:
            return CheckoutRefusal.UNDER_WAY
        return None

    async def is_renewal(self, tx: Transaction, payload: str) -> bool:
        """Return whether Telegram asks about the next month of a subscription."""
        invoice = await tx.payments.lock_invoice(payload)
        return invoice is not None and await self._subscriptions.is_renewal(tx, invoice)

    async def credit(self, tx: Transaction, charge: Charge, found_in: FoundIn) -> Payment | None:
        """Credit a payment, once.

        Returns:
            The payment; None where it was credited before.
        """
        invoice = await tx.payments.lock_invoice(charge.payload)
        wallet_id = (await tx.wallets.of_user(charge.user_id)).id
        charge_id, subscription, kind = charge.charge_id, None, EntryKind.PAYMENT
        if invoice is not None and invoice.kind is InvoiceKind.SUBSCRIPTION:
            new_id = await self._subscriptions.new_id_of(tx, charge, invoice)
            if new_id is None:
                return None
            charge_id = new_id
            subscription, is_first = await self._subscriptions.pay(tx, charge, invoice, wallet_id)
            kind = EntryKind.SUBSCRIPTION if is_first else EntryKind.RENEWAL
        is_known = invoice is not None and invoice.stars == charge.stars
        payment = Payment(
            charge_id=charge_id,
            wallet_id=wallet_id,
            invoice_id=invoice.id if invoice is not None else None,
            subscription_id=subscription.id if subscription is not None else None,
            payload=charge.payload,
            stars=charge.stars,
            # What is given back at once brings no bonus.
            bonus=invoice.bonus if invoice and is_known and found_in is not FoundIn.REFUND else 0,
            found_in=found_in,
            paid_at=charge.paid_at,
            paid_until=charge.paid_until,
        )
        if not await tx.payments.record(payment):
            return None
        if invoice is not None and invoice.state is InvoiceState.OPEN:
            await tx.payments.close_invoice(invoice.id, InvoiceState.PAID)
        await tx.wallets.post(
            _entry(payment, "pay", kind, found_in.value, TELEGRAM),
            [
                Movement(Pot.TELEGRAM, Pot.PAID, payment.stars),
                Movement(Pot.HOUSE, Pot.BONUS, payment.bonus),
            ],
        )
        if found_in is not FoundIn.REFUND:
            words: dict[str, str | int] = {"stars": payment.stars, "bonus": payment.bonus}
            if subscription is not None:
                words["until"] = subscription.paid_until.date().isoformat()
            await leave_note(
                tx, wallet_id, NOTES[kind], charge_id, found_in=found_in.value, **words
            )
        return payment

    async def refunded(self, tx: Transaction, charge: Charge) -> RefundedBy | None:
        """Note that Telegram has given a payment back: a refund of ours, or one from outside.

        One from outside takes everything that the purchase brought, below zero where it is spent.

        Returns:
            Whose refund it was; None where it was noted before.
        """
        payment = await self._given_back(tx, charge.charge_id)
        if payment is None:
            # The message of the payment itself was lost, or comes later.
            await self.credit(tx, charge, FoundIn.REFUND)
            payment = await self._given_back(tx, charge.charge_id)
        if payment is None or payment.state is PaymentState.REFUNDED:
            return None
        if payment.state is PaymentState.REFUNDING:
            await self.settle(tx, payment.charge_id)
            return RefundedBy.ADMIN
        await Passing().take_back_all(tx, payment.wallet_id)
        wallet = await tx.wallets.lock(payment.wallet_id)
        from_bonus = min(payment.bonus, wallet.bonus)
        movements = [
            Movement(Pot.PAID, Pot.TELEGRAM, payment.stars),
            Movement(Pot.BONUS, Pot.HOUSE, from_bonus),
            Movement(Pot.PAID, Pot.HOUSE, payment.bonus - from_bonus),
        ]
        if wallet.user_id is None:
            # Nobody is left who could owe it.
            movements = [Movement(Pot.HOUSE, Pot.TELEGRAM, payment.stars)]
        await self._refund(tx, payment, RefundedBy.OUTSIDE, movements)
        return RefundedBy.OUTSIDE

    async def _given_back(self, tx: Transaction, charge_id: str) -> Payment | None:
        """Return the payment that a refund is about: Telegram gives each id back once."""
        first = await tx.payments.lock(charge_id)
        if first is None:
            return None
        known = await self._subscriptions.siblings(tx, first)
        begun = [one for one in known if one.state is not PaymentState.PAID]
        return await tx.payments.lock((begun or known)[-1].charge_id)

    async def unused(self, tx: Transaction, payment: Payment) -> int:
        """Return how many Stars of a payment are not spent; the oldest ones are spent first."""
        wallet = await tx.wallets.lock(payment.wallet_id)
        newer = await tx.payments.newer_stars(payment)
        return max(0, min(payment.stars, wallet.paid - newer))

    async def freeze(
        self, tx: Transaction, charge_id: str, reason: str, actor: str, *, is_whole: bool = False
    ) -> Payment:
        """Begin to give a payment back: keep what is left of it from being spent.

        Args:
            tx: The transaction; the refund is asked for after it.
            charge_id: The payment.
            reason: Why.
            actor: Who gives it back.
            is_whole: Whether all of it is kept, also what had been spent: none of it was.

        Raises:
            NotFound: There is no such payment.
            StaleButton: It is given back already, or an order of the user is under way: its end
                could give back what Telegram has returned by then.
        """
        payment = await tx.payments.lock(charge_id)
        if payment is None:
            raise NotFound
        known = await self._subscriptions.siblings(tx, payment)
        if any(one.state is not PaymentState.PAID for one in known):
            raise StaleButton
        if not is_whole:
            # Gifts are locked before wallets, as by whoever takes one.
            await Passing().take_back_all(tx, payment.wallet_id)
        wallet = await tx.wallets.lock(payment.wallet_id)
        # Under the lock: an order that was made meanwhile is seen by now.
        if not is_whole and await tx.orders.held_by(payment.wallet_id):
            raise StaleButton
        frozen = replace(
            payment,
            state=PaymentState.REFUNDING,
            frozen_paid=payment.stars if is_whole else await self.unused(tx, payment),
            frozen_bonus=min(payment.bonus, wallet.bonus),
        )
        await tx.payments.change(frozen)
        await tx.wallets.post(
            _entry(payment, f"freeze:{wallet.seq}", EntryKind.FREEZE, reason, actor),
            [
                Movement(Pot.PAID, Pot.HELD, frozen.frozen_paid),
                Movement(Pot.BONUS, Pot.HELD, frozen.frozen_bonus),
            ],
        )
        return frozen

    async def freeze_unwanted(self, tx: Transaction, charge_id: str) -> None:
        """Begin to give a payment back whole that came where users pay nothing.

        A renewal under an id that was given back before stays: Telegram would refuse it.
        """
        try:
            await self.freeze(tx, charge_id, "payments_off", SYSTEM, is_whole=True)
        except StaleButton:
            return
        # That it goes back is told once it has.
        for kind in NOTES.values():
            await drop_note(tx, kind, charge_id)

    async def thaw(self, tx: Transaction, charge_id: str, reason: str) -> bool:
        """Let what was kept for a refund be spent again: Telegram refuses it for good.

        Returns:
            Whether this call did it.
        """
        payment = await tx.payments.lock(charge_id)
        if payment is None or payment.state is not PaymentState.REFUNDING:
            return False
        wallet = await tx.wallets.lock(payment.wallet_id)
        thawed = replace(payment, state=PaymentState.PAID, frozen_paid=0, frozen_bonus=0)
        await tx.payments.change(thawed)
        await tx.wallets.post(
            _entry(payment, f"thaw:{wallet.seq}", EntryKind.THAW, reason, SYSTEM),
            [
                Movement(Pot.HELD, Pot.PAID, payment.frozen_paid),
                Movement(Pot.HELD, Pot.BONUS, payment.frozen_bonus),
            ],
        )
        return True

    async def settle(self, tx: Transaction, charge_id: str) -> Payment | None:
        """End a refund of ours that Telegram has made; what had been spent is our loss.

        Returns:
            The payment; None where it was settled before.
        """
        payment = await tx.payments.lock(charge_id)
        if payment is None or payment.state is not PaymentState.REFUNDING:
            return None
        return await self._refund(
            tx,
            payment,
            RefundedBy.ADMIN,
            [
                Movement(Pot.HELD, Pot.TELEGRAM, payment.frozen_paid),
                Movement(Pot.HELD, Pot.HOUSE, payment.frozen_bonus),
                Movement(Pot.HOUSE, Pot.TELEGRAM, payment.stars - payment.frozen_paid),
            ],
        )

    async def _refund(
        self, tx: Transaction, payment: Payment, by: RefundedBy, movements: list[Movement]
    ) -> Payment:
        refunded = replace(
            payment,
            state=PaymentState.REFUNDED,
            frozen_paid=0,
            frozen_bonus=0,
            refunded_by=by,
        )
        await tx.payments.change(refunded)
        await tx.wallets.post(
            _entry(payment, "refund", EntryKind.REFUND, by.value, TELEGRAM), movements
        )
        await Referrals().take_back(tx, payment.charge_id)
        await leave_note(
            tx,
            payment.wallet_id,
            NoteKind.GIVEN_BACK,
            payment.charge_id,
            stars=payment.stars,
            by=by.value,
        )
        return refunded


def _entry(payment: Payment, event: str, kind: EntryKind, reason: str, actor: str) -> Entry:
    return Entry(
        key=f"{event}:{payment.charge_id}",
        wallet_id=payment.wallet_id,
        kind=kind,
        reason=reason,
        actor=actor,
        charge_id=payment.charge_id,
    )
