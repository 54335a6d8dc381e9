"""What a user can do with Stars."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.credits import (
    Entry,
    FoundIn,
    Invoice,
    InvoiceKind,
    NoteKind,
    Payment,
    PendingOrder,
    Wallet,
)
from services.domain.trouble import DatabaseUnavailable
from services.errors import CreditsMissing, DomainError, StaleButton, UnderMaintenance
from services.money.charges import Charge
from services.money.notes import leave_note
from services.money.purchases import CheckoutRefusal, Purchases
from services.operator import MAINTENANCE
from services.paying.gifting import GIFT
from services.paying.orders import WaitingOrders
from services.paying.packs import Pack

logger = logging.getLogger(__name__)

DECIDE_WITHIN_S = 3.0

A_PAGE = 8
"""Movements on a page of /receipts."""

ORDER_LIVES = timedelta(hours=24)
"""An order that was not paid for so long is not wanted any more."""


@dataclass(frozen=True)
class Receipt:
    """An entry of the ledger, and by how much it has changed what the user can spend."""

    entry: Entry
    change: int

    @property
    def available(self) -> int:
        """What the user could spend after it."""
        return self.entry.paid_after + self.entry.bonus_after


@dataclass(frozen=True)
class Receipts:
    """A page of what has moved, newest first; `older` is where the next page begins."""

    shown: Sequence[Receipt]
    older: int | None


class Paying:
    """Use cases of payments.

    Whether users pay decides about new orders and invoices only: what Telegram has taken is
    credited in any case, and where users pay nothing, given back.

    Args:
        database: Where everything is kept.
        packs: What can be bought; nothing where users pay nothing.
        orders: Where an order goes on that was paid.
        kept_days: How long the ledger names a user who has deleted their data.
    """

    def __init__(
        self,
        database: Database,
        packs: Sequence[Pack],
        orders: WaitingOrders,
        kept_days: int,
    ) -> None:
        self.kept_days = kept_days
        self._database = database
        self._packs = packs
        self._orders = orders
        self._purchases = Purchases()

    @property
    def is_on(self) -> bool:
        """Whether users pay."""
        return bool(self._packs)

    @property
    def packs(self) -> Sequence[Pack]:
        """What can be bought; nothing where users pay nothing."""
        return self._packs

    async def concerns(self, user_id: int) -> bool:
        """Return whether there is anything to say of payments: users pay, or this one has paid."""
        return self.is_on or await self.wallet(user_id) is not None

    async def wallet(self, user_id: int) -> Wallet | None:
        """Return what a user has; None where they never had anything."""
        async with self._database.transaction() as tx:
            return await tx.wallets.find(user_id)

    async def receipts(
        self, user_id: int, before_seq: int | None, limit: int = A_PAGE
    ) -> Receipts:
        """Return what has moved, newest first, before an entry or from the newest."""
        wallet = await self.wallet(user_id)
        if wallet is None:
            return Receipts((), None)
        async with self._database.transaction() as tx:
            entries = await tx.wallets.entries(wallet.id, limit + 1, before_seq)
        # The one before the last of the page says what that has changed; before the first is none.
        available = [one.paid_after + one.bonus_after for one in entries] + [0]
        shown = [
            Receipt(entry, available[number] - available[number + 1])
            for number, entry in enumerate(entries[:limit])
        ]
        return Receipts(shown, shown[-1].entry.seq if len(entries) > limit else None)

    async def buy(self, user_id: int, stars: int) -> Invoice:
        """Make the invoice of a pack.

        Raises:
            StaleButton: There is no such pack any more.
            UnderMaintenance: No payments are taken now.
        """
        pack = next((one for one in self._packs if one.stars == stars), None)
        if pack is None:
            raise StaleButton
        async with self._database.transaction() as tx:
            await _refuse_in_maintenance(tx)
            return await self._purchases.offer(
                tx, user_id, InvoiceKind.PACK, pack.stars, pack.bonus
            )

    async def offer_missing(self, user_id: int, missing: CreditsMissing) -> Invoice:
        """Keep what could not be ordered, and make the invoice of exactly what is missing.

        Older invoices of the user can be paid no more: what they lacked is another amount now.

        Raises:
            UnderMaintenance: No payments are taken now.
        """
        async with self._database.transaction() as tx:
            await _refuse_in_maintenance(tx)
            wallet = await tx.wallets.of_user(user_id)
            await tx.payments.void_top_ups(wallet.id)
            if missing.request is not None:
                await tx.pending_orders.put(user_id, missing.request)
            stars = int(missing.params["missing"])
            return await self._purchases.offer(tx, user_id, InvoiceKind.TOP_UP, stars)

    async def check_out(self, user_id: int, payload: str, stars: int) -> CheckoutRefusal | None:
        """Agree to a payment that is about to be made, or say why not, within three seconds.

        What cannot be decided is refused: Telegram takes no answer after ten seconds.
        """
        if not self._packs:
            return CheckoutRefusal.OVER
        try:
            async with asyncio.timeout(DECIDE_WITHIN_S), self._database.transaction() as tx:
                is_closed = await tx.notices.since(MAINTENANCE) is not None
                if is_closed and not await self._purchases.is_renewal(tx, payload):
                    return CheckoutRefusal.MAINTENANCE
                return await self._purchases.check_out(tx, user_id, payload, stars)
        except (TimeoutError, DatabaseUnavailable):
            return CheckoutRefusal.BUSY

    async def paid(self, charge: Charge) -> Payment | None:
        """Credit a payment that Telegram has told of; None where it was credited before.

        Where users pay nothing, it is kept to be given back whole.
        """
        async with self._database.transaction() as tx:
            payment = await self._purchases.credit(tx, charge, FoundIn.MESSAGE)
            if payment is not None and not self._packs:
                await self._purchases.freeze_unwanted(tx, payment.charge_id)
        if payment is not None:
            logger.info(
                "payment %s of user %s: %s", charge.charge_id, charge.user_id, charge.stars
            )
        return payment

    async def refunded(self, charge: Charge) -> None:
        """Note a refund that Telegram has told of; again, it changes nothing."""
        async with self._database.transaction() as tx:
            await self._purchases.refunded(tx, charge)

    async def can_go_on(self, wallet: Wallet) -> bool:
        """Return whether an order waits whose price there is now; a gift is told of once made."""
        if wallet.user_id is None:
            return False
        async with self._database.transaction() as tx:
            pending = await tx.pending_orders.of_user(wallet.user_id)
        if pending is None or not _is_wanted(pending) or pending.request["kind"] == GIFT:
            return False
        # An older one may not say what it costs.
        stars = pending.request.get("stars")
        return stars is not None and stars <= wallet.available

    async def go_on(self, user_id: int, *, is_told: bool = False) -> None:
        """Order what waits for a payment, if anything does, and have its user told.

        One that is refused is forgotten: what was paid stays in the balance.

        Args:
            user_id: Whose order.
            is_told: Whether the user was told already that it starts.

        Raises:
            CreditsMissing: It still cannot be paid, and goes on waiting.
        """
        async with self._database.transaction() as tx:
            pending = await tx.pending_orders.of_user(user_id)
        if pending is None:
            return
        kind: NoteKind | None = None
        words: dict[str, str | int] = {}
        if _is_wanted(pending):
            kind, words = await self._ordered(pending)
        if kind is NoteKind.GOES_ON and is_told:
            kind = None
        async with self._database.transaction() as tx:
            await tx.pending_orders.end(pending)
            if kind is not None:
                wallet = await tx.wallets.of_user(user_id)
                key = f"{user_id}:{pending.created_at.isoformat()}"
                await leave_note(tx, wallet.id, kind, key, **words)

    async def _ordered(self, pending: PendingOrder) -> tuple[NoteKind, dict[str, str | int]]:
        try:
            gift = await self._orders.go_on(pending.user_id, pending.request)
        except CreditsMissing:
            raise
        except DomainError as error:
            return NoteKind.REFUSED, {"code": error.code, **error.params}
        if gift is not None:
            return NoteKind.GIFT_MADE, {"stars": gift.amount, "gift": gift.code}
        return NoteKind.GOES_ON, {}


def _is_wanted(pending: PendingOrder) -> bool:
    return pending.created_at > now() - ORDER_LIVES


async def _refuse_in_maintenance(tx: Transaction) -> None:
    if await tx.notices.since(MAINTENANCE) is not None:
        raise UnderMaintenance
