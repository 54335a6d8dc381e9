"""The balance at fal and what was really charged, where an admin key shows them."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from db.database import Database
from services.domain.clock import now
from services.errors import FalError
from services.fal.gateway import FalGateway
from services.money.limits import DAY, SpendingLimits
from services.operator import Operator

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 600.0
CHARGES_AT_ONCE = 50
"""fal takes at most so many request ids in one question."""

CHARGES_A_LOOK = 1000
"""So many of the newest are asked for: requests that were never charged must not crowd out
those that were."""

CHARGES_KEPT = timedelta(days=60)
"""A charge of this age without a real price was not charged; fal answers for 90 days."""


class AccountApi(Protocol):
    """What an admin key may ask fal. Each call raises FalUnavailable when there is no answer."""

    async def balance_usd(self) -> Decimal:
        """Return the account's balance in US dollars."""
        ...

    async def charged_usd(self, request_ids: Sequence[str], since: datetime) -> dict[str, Decimal]:
        """Return what requests really cost; one that is missing was not charged (yet)."""
        ...


class AccountProbe:
    """While orders are paused, finds out when fal takes them again.

    Args:
        database: Where the pause is noted.
        operator: Ends the pause.
        fal: Who is asked.
        every_s: How often.
    """

    def __init__(
        self, database: Database, operator: Operator, fal: FalGateway, every_s: float
    ) -> None:
        self._database = database
        self._operator = operator
        self._fal = fal
        self._every_s = every_s

    async def look(self) -> float:
        """Ask fal if there is a pause.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            is_paused = await self._operator.is_paused(tx)
        if is_paused:
            try:
                await self._fal.check_account()
            except FalError as error:
                logger.info("orders stay paused (%s)", error)
            else:
                await self._operator.account_accepted()
        return self._every_s


@dataclass(frozen=True)
class SpendingReport:
    """What an admin sees of the last 24 hours; `balance_usd` is None without an admin key."""

    spent_usd: Decimal
    budget_usd: Decimal
    trainings_under_way: int
    is_paused: bool
    balance_usd: Decimal | None


class AccountWatch:
    """Looks at the balance and the real charges now and then.

    Args:
        database: Where charges are kept.
        operator: Who is told of a low balance.
        limits: For the budget that admins are shown.
        api: fal with an admin key, None where there is no such key.
        low_balance_usd: Below this the admins are warned.
    """

    def __init__(
        self,
        database: Database,
        operator: Operator,
        limits: SpendingLimits,
        api: AccountApi | None,
        low_balance_usd: Decimal,
    ) -> None:
        self._database = database
        self._operator = operator
        self._limits = limits
        self._api = api
        self._low_balance_usd = low_balance_usd

    async def look(self) -> float:
        """Compare the balance with the warning level and store real charges.

        Returns:
            Seconds until the next look.
        """
        await self._tend_charges()
        if self._api is not None:
            try:
                await self._operator.balance_seen(
                    await self._api.balance_usd(), self._low_balance_usd
                )
                await self._store_real_charges(self._api)
            except FalError as error:
                logger.info("fal's accounts cannot be read now (%s)", error)
        return LOOK_EVERY_S

    async def report(self) -> SpendingReport:
        """Return what an admin sees."""
        balance = None
        if self._api is not None:
            try:
                balance = await self._api.balance_usd()
            except FalError as error:
                logger.info("fal's balance cannot be read now (%s)", error)
        async with self._database.transaction() as tx:
            return SpendingReport(
                spent_usd=await tx.charges.spent_usd(now() - DAY),
                budget_usd=self._limits.daily_budget_usd,
                trainings_under_way=await tx.trainings.count_under_way(),
                is_paused=await self._operator.is_paused(tx),
                balance_usd=balance,
            )

    async def _store_real_charges(self, api: AccountApi) -> None:
        since = now() - CHARGES_KEPT
        async with self._database.transaction() as tx:
            rows = await tx.charges.without_real_price(since, CHARGES_A_LOOK)
        by_request = {row.request_id: row.id for row in rows if row.request_id is not None}
        request_ids = list(by_request)
        for first in range(0, len(request_ids), CHARGES_AT_ONCE):
            asked = request_ids[first : first + CHARGES_AT_ONCE]
            real = await api.charged_usd(asked, since)
            async with self._database.transaction() as tx:
                for request_id in asked:
                    if request_id in real:
                        await tx.charges.note_real_price(by_request[request_id], real[request_id])

    async def _tend_charges(self) -> None:
        """Let old charges forget their users, and those of a clock that was ahead count as new."""
        async with self._database.transaction() as tx:
            await tx.charges.date_future_ones(now())
            await tx.charges.forget_users_before(now() - 2 * DAY)
