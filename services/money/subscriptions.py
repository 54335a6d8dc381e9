"""Subscriptions: which payment belongs to which, and what Telegram has to be asked for.

Nothing says whether a renewal comes under a charge id of its own or under that of the first
payment (core.telegram.org/bots/api#successfulpayment), so both are told apart here: a renewal that
has a known id is one by the end of its month, or, in the statement, by its date.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from db.database import Transaction
from services.domain.clock import now
from services.domain.credits import AGAIN, Invoice, InvoiceKind, NoteKind, Payment
from services.domain.subscriptions import (
    GRACE,
    PERIOD,
    Subscription,
    SubscriptionState,
    Wish,
)
from services.identifiers import new_id
from services.money.charges import Charge
from services.money.notes import leave_note

logger = logging.getLogger(__name__)

SAME_DAY = timedelta(days=1)
"""The dates of a payment's message and line differ by less, those of two months by more."""


class Subscriptions:
    """Moves subscriptions on, within the transaction that the event belongs to."""

    async def new_id_of(self, tx: Transaction, charge: Charge, invoice: Invoice) -> str | None:
        """Return by which id a payment is kept; None where it is known already.

        Args:
            tx: The transaction; it has locked the invoice.
            charge: The payment.
            invoice: What was paid.
        """
        if invoice.kind is not InvoiceKind.SUBSCRIPTION:
            return charge.charge_id
        known = await _of_charge(tx, charge.charge_id)
        if not known:
            return charge.charge_id
        near = [one for one in known if abs(one.paid_at - charge.paid_at) < SAME_DAY]
        if charge.paid_until is None:
            is_known = len(near) >= charge.nth
        else:
            is_known = any(one.paid_until == charge.paid_until for one in known)
            found = next((one for one in near if one.paid_until is None), None)
            if not is_known and found is not None:
                # The statement was faster than the message.
                await self._note_paid_until(tx, found, charge.paid_until)
                is_known = True
        return None if is_known else f"{charge.charge_id}{AGAIN}{len(known) + 1}"

    async def _note_paid_until(self, tx: Transaction, payment: Payment, until: datetime) -> None:
        await tx.payments.note_paid_until(payment.charge_id, until)
        paid = await tx.subscriptions.lock(payment.subscription_id or "")
        if paid is not None and paid.paid_until < until:
            await tx.subscriptions.change(replace(paid, paid_until=until))

    async def pay(
        self, tx: Transaction, charge: Charge, invoice: Invoice, wallet_id: int
    ) -> tuple[Subscription, bool]:
        """Return the subscription that a payment is for, paid on, and whether that began it."""
        until = charge.paid_until or charge.paid_at + PERIOD
        known = await tx.subscriptions.of_invoice(invoice.id, wallet_id)
        if (begun := await self._begun_by(tx, charge, known)) is not None:
            paid_until = max(begun.paid_until, until)
            begun = replace(begun, charge_id=charge.charge_id, paid_until=paid_until)
            await tx.subscriptions.change(begun)
            return begun, True
        if charge.is_first or not known:
            return await self._begin(tx, charge, invoice, wallet_id), True
        nearest = min(known, key=lambda one: abs(one.paid_until + PERIOD - until))
        found = await tx.subscriptions.lock(nearest.id) or nearest
        renewed = replace(found, paid_until=max(found.paid_until, until))
        if found.wish is None and charge.paid_at > found.changed_at:
            # Who has it renewed has taken it up again, or had Stars again.
            renewed = replace(
                renewed,
                state=SubscriptionState.ACTIVE,
                is_ours=False,
                changed_at=charge.paid_at,
            )
        await tx.subscriptions.change(renewed)
        return renewed, False

    async def _begun_by(
        self, tx: Transaction, charge: Charge, known: Sequence[Subscription]
    ) -> Subscription | None:
        """Return the subscription that a payment has begun of which only later months are known.

        Its own message was lost, or comes late; Telegram knows the subscription by its id.
        """
        for one in known:
            payments = await tx.payments.of_subscription(one.id)
            months = [(paid.paid_until or paid.paid_at + PERIOD) - PERIOD for paid in payments]
            if charge.paid_at < min(months) - SAME_DAY:
                return await tx.subscriptions.lock(one.id)
        return None

    async def _begin(
        self, tx: Transaction, charge: Charge, invoice: Invoice, wallet_id: int
    ) -> Subscription:
        begun = Subscription(
            id=new_id(),
            wallet_id=wallet_id,
            invoice_id=invoice.id,
            charge_id=charge.charge_id,
            stars=charge.stars,
            bonus=invoice.bonus if charge.stars == invoice.stars else 0,
            paid_until=charge.paid_until or charge.paid_at + PERIOD,
            changed_at=charge.paid_at,
        )
        if await tx.users.get(charge.user_id) is None:
            # They have deleted their data before the payment was found.
            begun = _cancelled(begun)
        await tx.subscriptions.add(begun)
        return begun

    async def siblings(self, tx: Transaction, payment: Payment) -> Sequence[Payment]:
        """Return the payments that Telegram calls by the same id, oldest first."""
        if payment.subscription_id is None:
            return [payment]
        found = await tx.payments.of_subscription(payment.subscription_id)
        return [one for one in found if one.telegram_id == payment.telegram_id]

    async def is_renewal(self, tx: Transaction, invoice: Invoice) -> bool:
        """Return whether a checkout of an invoice is what Telegram takes each month for it."""
        if invoice.kind is not InvoiceKind.SUBSCRIPTION:
            return False
        known = await tx.subscriptions.of_invoice(invoice.id, invoice.wallet_id)
        return any(one.renews and one.paid_until - GRACE < now() for one in known)

    async def renews(self, tx: Transaction, wallet_id: int) -> bool:
        """Return whether a wallet has a subscription that is renewed."""
        return any(one.renews for one in await tx.subscriptions.of_wallet(wallet_id))

    async def cancel(self, tx: Transaction, subscription_id: str) -> Subscription | None:
        """Have Telegram take no more for a subscription; None where it takes nothing already."""
        found = await tx.subscriptions.lock(subscription_id)
        if found is None or not _may_renew(found) or found.wish is not None:
            return None
        await tx.subscriptions.change(cancelled := _cancelled(found))
        return cancelled

    async def cancel_all(self, tx: Transaction, wallet_id: int) -> bool:
        """Have Telegram take no more for a wallet, and return whether it would have."""
        known = await tx.subscriptions.of_wallet(wallet_id)
        return any([await self.cancel(tx, one.id) for one in known if _may_renew(one)])

    async def allow(self, tx: Transaction, subscription_id: str) -> Subscription | None:
        """Have Telegram let the user take up again what we have cancelled; None if we have not."""
        found = await tx.subscriptions.lock(subscription_id)
        if found is None or not found.is_ours or not found.is_running or found.wish is not None:
            return None
        await tx.subscriptions.change(allowed := replace(found, wish=Wish.ALLOW))
        return allowed

    async def settle(self, tx: Transaction, asked: Subscription, *, is_done: bool) -> None:
        """Note what Telegram has answered to a wish."""
        found = await tx.subscriptions.lock(asked.id)
        if found is None or found.wish is not asked.wish:
            return
        is_ours = is_done if asked.wish is Wish.CANCEL else found.is_ours and not is_done
        await tx.subscriptions.change(replace(found, wish=None, is_ours=is_ours))

    async def learn(
        self, tx: Transaction, wallet_id: int, payload: str, state: SubscriptionState
    ) -> None:
        """Note what Telegram says of a subscription; who has no Stars for it is told."""
        for one in await tx.subscriptions.of_invoice(payload, wallet_id):
            found = await tx.subscriptions.lock(one.id)
            if found is None or found.wish is Wish.CANCEL or found.state is state:
                continue
            is_ours = found.is_ours and state is not SubscriptionState.ACTIVE
            learned = replace(found, state=state, is_ours=is_ours, changed_at=now())
            await tx.subscriptions.change(learned)
            logger.info("subscription %s is %s at Telegram", found.id, state)
            if state is SubscriptionState.FAILED:
                key = f"{found.id}:{found.paid_until.isoformat()}"
                await leave_note(tx, wallet_id, NoteKind.NOT_RENEWED, key, stars=found.stars)


def _cancelled(subscription: Subscription) -> Subscription:
    return replace(
        subscription,
        state=SubscriptionState.CANCELLED,
        wish=Wish.CANCEL,
        is_ours=True,
        changed_at=now(),
    )


def _may_renew(subscription: Subscription) -> bool:
    """Return whether Telegram may take another payment, also where it has failed to."""
    if subscription.state is SubscriptionState.CANCELLED:
        return False
    return subscription.paid_until + PERIOD > now()


async def _of_charge(tx: Transaction, charge_id: str) -> Sequence[Payment]:
    """Return the payments that came under an id of Telegram's."""
    first = await tx.payments.get(charge_id)
    return await Subscriptions().siblings(tx, first) if first is not None else ()
