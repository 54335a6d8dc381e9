"""Tells users what became of payments; implements `services.money.stars.PaymentNews`."""

import logging

from handlers.credits.invoices import send_invoice
from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from services.domain.credits import FoundIn, Payment, RefundedBy, Wallet
from services.domain.values import Place
from services.errors import CreditsMissing, DeliveryFailed
from services.paying.service import Paying
from services.users.service import UserService
from texts.reader import Texts

logger = logging.getLogger(__name__)


class TelegramPaymentNews:
    """Writes into the private chat of who has paid.

    Args:
        outgoing: How users are reached.
        users: Know their language.
        paying: Goes on with what a payment was for.
    """

    def __init__(self, outgoing: Outgoing, users: UserService, paying: Paying) -> None:
        self._outgoing = outgoing
        self._users = users
        self._paying = paying

    async def paid(self, user_id: int, payment: Payment, found_in: FoundIn) -> None:
        """See `PaymentNews.paid`."""
        if not self._paying.is_on:
            # It is given back, and that is told.
            return
        key = "paid-found" if found_in is FoundIn.STATEMENT else "paid"
        values = {"stars": payment.stars, "bonus": payment.bonus}
        await self._say(user_id, key, **values)
        await self.go_on(user_id)

    async def go_on(self, user_id: int) -> None:
        """Go on with what waits for a payment of a user, and say what became of it."""
        outcome = await self._paying.go_on(user_id)
        if outcome is None:
            return
        if isinstance(outcome.error, CreditsMissing):
            await self.offer_missing(user_id, Place(user_id), outcome.error)
        elif outcome.error is not None:
            await self._say(user_id, f"error-{outcome.error.code}", **outcome.error.params)
            await self._say(user_id, "stars-stay")
        else:
            await self._say(user_id, "order-goes-on")

    async def offer_missing(self, user_id: int, place: Place, error: CreditsMissing) -> None:
        """Keep an order that could not be paid, and send the invoice of what is missing."""
        invoice = await self._paying.offer_missing(user_id, error)
        t = Texts(await self._users.language(user_id, None))
        try:
            async with self._outgoing.reaching(user_id):
                await send_invoice(self._outgoing.bot, place, t, invoice)
        except DeliveryFailed as failure:
            logger.warning("user %s was not sent an invoice: %s", user_id, failure)

    async def given_back(
        self, user_id: int, payment: Payment, by: RefundedBy, wallet: Wallet
    ) -> None:
        """See `PaymentNews.given_back`."""
        await self._say(user_id, f"given-back-{by}", stars=payment.stars)
        if wallet.available < 0:
            await self._say(user_id, "balance-owed", stars=-wallet.available)

    async def _say(self, user_id: int, key: str, **values: int | str) -> None:
        t = Texts(await self._users.language(user_id, None))
        try:
            await self._outgoing.send(user_id, Place(user_id), Screen(t(key, **values)))
        except DeliveryFailed as error:
            logger.warning("user %s was not told %s: %s", user_id, key, error)
