"""What users buy each month: offered, cancelled, and taken up again."""

import logging
from collections.abc import Sequence

from db.database import Database
from services.domain.clock import now
from services.domain.credits import Invoice, InvoiceKind
from services.domain.subscriptions import (
    GRACE,
    PERIOD,
    Subscription,
    SubscriptionState,
    Wish,
)
from services.errors import AlreadySubscribed, StaleButton, UnderMaintenance
from services.money.purchases import Purchases
from services.money.stars import StarsGateway, StarsRefused, StarsUnavailable
from services.money.subscriptions import Subscriptions
from services.operator import MAINTENANCE
from services.paying.packs import Pack

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0

STATES = {
    "active": SubscriptionState.ACTIVE,
    "canceled": SubscriptionState.CANCELLED,
    "failed": SubscriptionState.FAILED,
}
"""Telegram's words (core.telegram.org/bots/api#botsubscriptionupdated)."""


class Subscribing:
    """Use cases of subscriptions.

    What has to be asked of Telegram is a wish in the row until there is an answer.

    Args:
        database: Where everything is kept.
        gateway: Telegram.
        offered: What is offered each month; None where nothing is, or nobody pays. Those that
            were begun go on as they were.
        is_on: Whether users pay; where they do not any more, Telegram is to take nothing.
    """

    def __init__(
        self, database: Database, gateway: StarsGateway, offered: Pack | None, *, is_on: bool
    ) -> None:
        self.offered = offered
        self._database = database
        self._gateway = gateway
        self._is_on = is_on
        self._purchases, self._subscriptions = Purchases(), Subscriptions()

    async def of(self, user_id: int) -> Sequence[Subscription]:
        """Return the subscriptions of a user whose paid month is not over."""
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.find(user_id)
            found = await tx.subscriptions.of_wallet(wallet.id) if wallet else ()
        return [one for one in found if one.is_running]

    async def begin(self, user_id: int) -> Invoice:
        """Make the invoice of the first month.

        Raises:
            StaleButton: Nothing is offered any more.
            AlreadySubscribed: The user has one that is renewed.
            UnderMaintenance: No payments are taken now.
        """
        if self.offered is None:
            raise StaleButton
        async with self._database.transaction() as tx:
            if await tx.notices.since(MAINTENANCE) is not None:
                raise UnderMaintenance
            wallet = await tx.wallets.of_user(user_id)
            if await self._subscriptions.renews(tx, wallet.id):
                raise AlreadySubscribed
            kind, pack = InvoiceKind.SUBSCRIPTION, self.offered
            return await self._purchases.offer(tx, user_id, kind, pack.stars, pack.bonus)

    async def cancel(self, user_id: int, subscription_id: str) -> Subscription:
        """Have Telegram take no more for a subscription: it ends with the month that was paid.

        Raises:
            StaleButton: It is cancelled already, or over, or not the user's.
        """
        await self._require(user_id, subscription_id)
        async with self._database.transaction() as tx:
            cancelled = await self._subscriptions.cancel(tx, subscription_id)
        return await self._asked(cancelled)

    async def allow(self, user_id: int, subscription_id: str) -> Subscription:
        """Have Telegram let the user take up again what was cancelled here.

        Raises:
            StaleButton: It was not cancelled here, is over, or is not the user's.
        """
        await self._require(user_id, subscription_id)
        async with self._database.transaction() as tx:
            allowed = await self._subscriptions.allow(tx, subscription_id)
        return await self._asked(allowed)

    async def learn(self, user_id: int, payload: str, word: str) -> None:
        """Note what Telegram says of a subscription; words that we do not know say nothing."""
        state = STATES.get(word)
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.find(user_id)
            if state is not None and wallet is not None:
                await self._subscriptions.learn(tx, wallet.id, payload, state)

    async def look(self) -> float:
        """Ask Telegram for what is wished.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            if not self._is_on:
                for one in await tx.subscriptions.active(now() - GRACE):
                    await self._subscriptions.cancel(tx, one.id)
        await self.ask()
        return LOOK_EVERY_S

    async def ask(self) -> None:
        """Ask Telegram for all that is wished."""
        async with self._database.transaction() as tx:
            wished = await tx.subscriptions.wished()
        for one in wished:
            await self._ask(one)

    async def _require(self, user_id: int, subscription_id: str) -> None:
        if all(one.id != subscription_id for one in await self.of(user_id)):
            raise StaleButton

    async def _asked(self, wished: Subscription | None) -> Subscription:
        if wished is None:
            raise StaleButton
        await self._ask(wished)
        async with self._database.transaction() as tx:
            return await tx.subscriptions.lock(wished.id) or wished

    async def _ask(self, wished: Subscription) -> None:
        """Ask by the first payment, and by those since which the month is not long over.

        By which of them Telegram knows a subscription that it has renewed is not said anywhere.
        """
        async with self._database.transaction() as tx:
            user_id = (await tx.wallets.lock(wished.wallet_id)).user_id
            payments = await tx.payments.of_subscription(wished.id)
        recent = [one.telegram_id for one in payments if one.paid_at > now() - 2 * PERIOD]
        is_cancelled = wished.wish is Wish.CANCEL
        is_done = False
        for charge_id in dict.fromkeys([wished.charge_id, *recent]):
            if user_id is None:
                break
            try:
                await self._gateway.edit_subscription(
                    user_id, charge_id, is_cancelled=is_cancelled
                )
            except StarsUnavailable as error:
                logger.warning("subscription %s: no answer (%s)", wished.id, error)
                return
            except StarsRefused as error:
                logger.info("subscription %s is not known by %s: %s", wished.id, charge_id, error)
            else:
                is_done = True
        if not is_done:
            logger.warning("subscription %s: %s is refused", wished.id, wished.wish)
        async with self._database.transaction() as tx:
            await self._subscriptions.settle(tx, wished, is_done=is_done)
