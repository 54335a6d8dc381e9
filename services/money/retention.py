"""The ledger without the person: who has deleted their data is forgotten after a time."""

import logging
from datetime import timedelta

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.credits import Entry, EntryKind, Movement, PaymentState, Pot, Wallet
from services.money.purchases import SYSTEM

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 3600.0


class Retention:
    """Takes the ids of users from wallets that they have left; what has moved stays.

    What is left in a wallet lapses, and a debt is written off. Whoever has come back meanwhile is
    a user again, and keeps their wallet.

    Args:
        database: Where the ledger is.
        kept_days: How long after the deletion of a user's data their wallet names them.
    """

    def __init__(self, database: Database, kept_days: int) -> None:
        self._database = database
        self._kept_for = timedelta(days=kept_days)

    async def look(self) -> float:
        """Forget whose time is over.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            left = await tx.wallets.left()
        for wallet in left:
            async with self._database.transaction() as tx:
                await self._see_to(tx, wallet.id)
        return LOOK_EVERY_S

    async def _see_to(self, tx: Transaction, wallet_id: int) -> None:
        wallet = await tx.wallets.lock(wallet_id)
        if wallet.user_id is None or await tx.users.get(wallet.user_id) is not None:
            return
        if wallet.deleted_at is None:
            # Their data was deleted before it was noted when.
            await tx.wallets.note_deleted(wallet.id, now())
        elif wallet.deleted_at <= now() - self._kept_for and not await _is_busy(tx, wallet):
            await self._forget(tx, wallet)

    async def _forget(self, tx: Transaction, wallet: Wallet) -> None:
        entry = Entry(
            key=f"forget:{wallet.id}",
            wallet_id=wallet.id,
            kind=EntryKind.FORGET,
            reason="retention_over",
            actor=SYSTEM,
        )
        await tx.wallets.post(
            entry,
            [
                Movement(Pot.PAID, Pot.HOUSE, max(0, wallet.paid)),
                Movement(Pot.HOUSE, Pot.PAID, max(0, -wallet.paid)),
                Movement(Pot.BONUS, Pot.HOUSE, wallet.bonus),
            ],
        )
        await tx.wallets.forget_user(wallet.id)
        logger.info("wallet %s has no user any more", wallet.id)


async def _is_busy(tx: Transaction, wallet: Wallet) -> bool:
    """Return whether an order, a refund or a subscription of a wallet is under way."""
    if any(one.wish or one.renews for one in await tx.subscriptions.of_wallet(wallet.id)):
        return True
    payments = await tx.payments.of_wallet(wallet.id)
    return wallet.held != 0 or any(one.state is PaymentState.REFUNDING for one in payments)
