"""The Stars of users at the console: what they have and what has moved, given and given back."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from db.database import Database, Transaction
from services.console.jobs import MAX_REASON
from services.domain.console import Action, Deed
from services.domain.credits import NoteKind, Payment, PaymentState, Wallet
from services.domain.subscriptions import Subscription
from services.errors import NotFound
from services.money.credits import Credits
from services.money.notes import leave_note
from services.money.purchases import Purchases
from services.money.refunds import Refunds

logger = logging.getLogger(__name__)

LISTED = 8
"""So many of the newest payments are shown."""

REASON_IN_LEDGER = 200


@dataclass(frozen=True)
class Purchase:
    """A payment with what is unspent of it; `mark` names it in a button, its id is too long."""

    payment: Payment
    unused: int
    mark: str


@dataclass(frozen=True)
class Account:
    """What a user has, their newest payments, and the subscriptions whose month is not over."""

    user_id: int
    wallet: Wallet
    purchases: Sequence[Purchase]
    subscriptions: Sequence[Subscription] = ()


class Accounts:
    """Use cases of admins about the Stars of users; each is logged with who and why.

    Args:
        database: Where the ledger is.
        refunds: Gives payments back.
    """

    def __init__(self, database: Database, refunds: Refunds) -> None:
        self._database = database
        self._refunds = refunds
        self._purchases, self._credits = Purchases(), Credits()

    async def of(self, user_id: int) -> Account:
        """Return what a user has; who never had anything has nothing."""
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.find(user_id)
            if wallet is None:
                return Account(user_id, Wallet(id=0, user_id=user_id), ())
            payments = (await tx.payments.of_wallet(wallet.id))[:LISTED]
            purchases = [
                Purchase(payment, await self._unused(tx, payment), mark_of(payment))
                for payment in payments
            ]
            known = await tx.subscriptions.of_wallet(wallet.id)
        return Account(user_id, wallet, purchases, [one for one in known if one.is_running])

    async def grant(
        self, admin_id: int, user_id: int, amount: int, reason: str, asked_in: str
    ) -> None:
        """Give credits away: to be spent, never refunded. The user is told, and reads the reason.

        Args:
            admin_id: Who gives.
            user_id: Who gets.
            amount: How many, more than 0.
            reason: Why.
            asked_in: What tells this wish from all others: it is fulfilled once.

        Raises:
            NotFound: There is no such user.
        """
        words = reason[:REASON_IN_LEDGER]
        async with self._database.transaction() as tx:
            if await tx.users.get(user_id) is None:
                raise NotFound
            is_new = await self._credits.grant(
                tx, user_id, amount, f"grant:{asked_in}", words, f"admin {admin_id}"
            )
            if is_new:
                await tx.actions.add(
                    _action(admin_id, Deed.GRANT, user_id, f"{amount} Stars", reason)
                )
                wallet = await tx.wallets.of_user(user_id)
                await leave_note(
                    tx, wallet.id, NoteKind.GRANTED, asked_in, stars=amount, reason=words
                )
        if is_new:
            logger.info("admin %s gives %s Stars to user %s", admin_id, amount, user_id)

    async def refund(self, admin_id: int, user_id: int, mark: str, reason: str) -> Payment:
        """Give a payment back: of the user's credits, what is unspent of it is taken, no more.

        Raises:
            NotFound: There is no such payment.
            StaleButton: It is given back already, or an order of its user is under way.
        """
        payments = await self._refunds.payments_of(user_id)
        payment = next((one for one in payments if mark_of(one) == mark), None)
        if payment is None:
            raise NotFound
        return await self.give_back(admin_id, payment.charge_id, reason)

    async def give_back(self, admin_id: int, charge_id: str, reason: str) -> Payment:
        """Give a payment back, by Telegram's id; see `refund`."""
        frozen = await self._refunds.begin(charge_id, reason[:REASON_IN_LEDGER], admin_id)
        of = f"payment {mark_of(frozen)}, {frozen.stars} Stars"
        async with self._database.transaction() as tx:
            user_id = (await tx.wallets.lock(frozen.wallet_id)).user_id
            await tx.actions.add(_action(admin_id, Deed.REFUND, user_id, of, reason))
        return frozen

    async def _unused(self, tx: Transaction, payment: Payment) -> int:
        is_paid = payment.state is PaymentState.PAID
        return await self._purchases.unused(tx, payment) if is_paid else 0


def mark_of(payment: Payment) -> str:
    """Return a short name of a payment, among those of its user."""
    return hashlib.sha256(payment.charge_id.encode()).hexdigest()[:10]


def _action(admin_id: int, deed: Deed, user_id: int | None, of_id: str, reason: str) -> Action:
    return Action(
        admin_id=admin_id,
        deed=deed,
        user_id=user_id,
        of_id=of_id[:40],
        reason=reason[:MAX_REASON] or None,
    )
