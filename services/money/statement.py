"""Telegram's own statement: finds the payments and refunds whose messages were lost."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.credits import FoundIn, StatementLine
from services.money.charges import Charge
from services.money.purchases import Purchases
from services.money.stars import StarsGateway, StarsUnavailable
from services.money.subscriptions import SAME_DAY

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
        is_on: Whether users pay. Where they do not any more, what is found is given back whole;
            where they never did, nothing is read.
    """

    def __init__(
        self,
        database: Database,
        gateway: StarsGateway,
        *,
        is_on: bool = True,
    ) -> None:
        self._is_on = is_on
        self._database = database
        self._gateway = gateway
        self._purchases = Purchases()

    async def look(self) -> float:
        """Read what is new.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            if not self._is_on and not await tx.star_statement.is_opened():
                return LOOK_EVERY_S
            _, read = await tx.star_statement.opened(now())
        offset = max(0, read - OVERLAP)
        dates: dict[str, list[datetime]] = defaultdict(list)
        while True:
            try:
                page = await self._gateway.statement(offset, PAGE)
            except StarsUnavailable as error:
                logger.info("the statement of Stars cannot be read now (%s)", error)
                return RETRY_S
            await self._take(offset, page, dates)
            offset += len(page)
            if len(page) < PAGE:
                return LOOK_EVERY_S

    async def _take(
        self, offset: int, page: Sequence[StatementLine], dates: Mapping[str, list[datetime]]
    ) -> None:
        """Take what is new in a page; `dates` are those of the payments in the lines before."""
        found: list[Charge] = []
        async with self._database.transaction() as tx:
            opened_at, read = await tx.star_statement.opened(now())
            for line in page:
                if not line.is_payment or line.user_id is None or not _is_ours(line, opened_at):
                    continue
                charge = await self._charge(tx, line, line.user_id)
                if line.is_incoming:
                    # A renewal may have the id of the payment before it.
                    near = sum(abs(one - line.date) < SAME_DAY for one in dates[line.id])
                    dates[line.id].append(line.date)
                    charge = replace(charge, nth=near + 1)
                    payment = await self._purchases.credit(tx, charge, FoundIn.STATEMENT)
                    if payment is not None and not self._is_on:
                        await self._purchases.freeze_unwanted(tx, payment.charge_id)
                    if payment is not None:
                        found.append(charge)
                else:
                    await self._purchases.refunded(tx, charge)
            await tx.star_statement.note_read(max(read, offset + len(page)))
        for charge in found:
            logger.warning("payment %s of user %s was found", charge.charge_id, charge.user_id)

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
