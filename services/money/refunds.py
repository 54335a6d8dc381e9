"""Refunds of ours: kept from being spent, asked for until Telegram has answered, then settled."""

import logging
from collections.abc import Sequence

from db.database import Database
from services.domain.credits import Payment
from services.money.purchases import Purchases
from services.money.stars import StarsGateway, StarsRefused, StarsUnavailable

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0


class Refunds:
    """Gives payments back.

    Args:
        database: Where payments are kept.
        gateway: Telegram.
    """

    def __init__(self, database: Database, gateway: StarsGateway) -> None:
        self._database = database
        self._gateway = gateway
        self._purchases = Purchases()

    async def payments_of(self, user_id: int) -> Sequence[Payment]:
        """Return the payments of a user, newest first."""
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.find(user_id)
            return await tx.payments.of_wallet(wallet.id) if wallet else []

    async def begin(self, charge_id: str, reason: str, admin_id: int) -> Payment:
        """Begin to give a payment back, and ask Telegram for it.

        Raises:
            NotFound: There is no such payment.
            StaleButton: It is given back already, or an order of its user is under way.
        """
        async with self._database.transaction() as tx:
            payment = await self._purchases.freeze(tx, charge_id, reason, f"admin {admin_id}")
        logger.info("payment %s is given back by %s", charge_id, admin_id)
        await self.look()
        return payment

    async def look(self) -> float:
        """Ask Telegram for what is being given back.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            waiting = await tx.payments.refunding()
        for payment in waiting:
            await self._ask(payment)
        return LOOK_EVERY_S

    async def _ask(self, payment: Payment) -> None:
        async with self._database.transaction() as tx:
            user_id = (await tx.wallets.lock(payment.wallet_id)).user_id
        if user_id is None:
            return
        try:
            await self._gateway.refund(user_id, payment.telegram_id)
        except StarsUnavailable as error:
            # It may have been done: what is frozen stays so until there is an answer.
            logger.warning("refund of %s: no answer (%s)", payment.charge_id, error)
            return
        except StarsRefused as error:
            async with self._database.transaction() as tx:
                await self._purchases.thaw(tx, payment.charge_id, "refused")
            logger.error("refund of %s is refused: %s", payment.charge_id, error)  # noqa: TRY400
            return
        async with self._database.transaction() as tx:
            await self._purchases.settle(tx, payment.charge_id)
