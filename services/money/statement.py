"""Telegram's own statement: finds the payments and refunds whose messages were lost."""

import logging
from collections.abc import Sequence
from datetime import datetime

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.credits import FoundIn, Payment, RefundedBy, StatementLine, Wallet
from services.money.purchases import Charge, Purchases
from services.money.stars import PaymentNews, StarsGateway, StarsUnavailable

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 3600.0
RETRY_S = 60.0

PAGE = 100
"""Telegram gives at most so many lines at once."""

OVERLAP = 100
"""So many of the lines that were read are read again, in case a line came late among them."""


class StatementWatch:
    """Reads the statement on, at every start and each hour.

    Lines and the place in the statement are kept in one transaction, so nothing is missed; what
    is known already is credited no second time.

    Args:
        database: Where payments are kept.
        gateway: Telegram.
        news: Tells users of what was found.
    """

    def __init__(self, database: Database, gateway: StarsGateway, news: PaymentNews) -> None:
        self._database = database
        self._gateway = gateway
        self._news = news
        self._purchases = Purchases()

    async def look(self) -> float:
        """Read what is new.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            _, read = await tx.star_statement.opened(now())
        offset = max(0, read - OVERLAP)
        while True:
            try:
                page = await self._gateway.statement(offset, PAGE)
            except StarsUnavailable as error:
                logger.info("the statement of Stars cannot be read now (%s)", error)
                return RETRY_S
            await self._take(offset, page)
            offset += len(page)
            if len(page) < PAGE:
                return LOOK_EVERY_S

    async def _take(self, offset: int, page: Sequence[StatementLine]) -> None:
        paid: list[tuple[int, Payment]] = []
        back: list[tuple[int, Payment, RefundedBy, Wallet]] = []
        async with self._database.transaction() as tx:
            opened_at, read = await tx.star_statement.opened(now())
            for line in page:
                if not line.is_payment or line.user_id is None or not _is_ours(line, opened_at):
                    continue
                charge = await self._charge(tx, line, line.user_id)
                if line.is_incoming:
                    payment = await self._purchases.credit(tx, charge, FoundIn.STATEMENT)
                    if payment is not None:
                        paid.append((charge.user_id, payment))
                    continue
                by = await self._purchases.refunded(tx, charge)
                payment = await tx.payments.get(charge.charge_id)
                if by is not None and payment is not None:
                    wallet = await tx.wallets.lock(payment.wallet_id)
                    back.append((charge.user_id, payment, by, wallet))
            await tx.star_statement.note_read(max(read, offset + len(page)))
        for user_id, payment in paid:
            logger.warning("payment %s of user %s was found", payment.charge_id, user_id)
            await self._news.paid(user_id, payment, FoundIn.STATEMENT)
        for user_id, payment, by, wallet in back:
            await self._news.given_back(user_id, payment, by, wallet)

    async def _charge(self, tx: Transaction, line: StatementLine, user_id: int) -> Charge:
        stars = line.stars
        if line.has_affiliate:
            # What the affiliate has taken may be missing from the line; the user has paid it.
            invoice = await tx.payments.lock_invoice(line.payload)
            stars = invoice.stars if invoice is not None else stars
        return Charge(line.id, user_id, stars, line.payload, line.date)


def _is_ours(line: StatementLine, opened_at: datetime) -> bool:
    # Telegram dates in whole seconds.
    return line.date >= opened_at.replace(microsecond=0)
