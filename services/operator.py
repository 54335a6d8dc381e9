"""What the operator must know: each condition is told once, and once when it is over."""

import logging
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Protocol

from db.database import Database, Transaction

logger = logging.getLogger(__name__)

ACCOUNT_TROUBLE = "fal_account"
"""Name of the notice that fal refuses the key or that the balance is exhausted."""

MAINTENANCE = "maintenance"
"""Name of the notice that admins take no new orders."""

LOW_BALANCE = "low_balance"
"""Name of the notice that admins were warned of the balance."""


LEDGER_TROUBLE = "ledger_broken"
"""Name of the notice that the credits of users do not add up."""

WATCHING_TROUBLE = "fal_watching"
"""Name of the notice that fal refuses the key while jobs are watched."""


class AdminNotifier(Protocol):
    """How admins are reached: implemented by the handlers."""

    async def tell_admins(self, key: str, **values: int | str) -> None:
        """Send a sentence to every admin. Never fails: an admin may have blocked the bot."""
        ...

    async def tell_admins_of_job(
        self, key: str, kind: str, row_id: str, **values: int | str
    ) -> None:
        """Send a sentence of a job that was given up, with the button to look again."""
        ...


class Operator:
    """Conditions and events that are the operator's matter."""

    def __init__(self, database: Database, notifier: AdminNotifier) -> None:
        self._database = database
        self._notifier = notifier
        # What the database says of it, as far as it is known: looks are many.
        self._is_watching_refused: bool | None = None

    def others_changed(self) -> None:
        """Take nothing for known that another process may have noted before it ended."""
        self._is_watching_refused = None

    async def watching_refused(self, words: str) -> None:
        """Report that fal refuses our key while a job is watched; the job goes on."""
        if self._is_watching_refused is True:
            return
        async with self._database.transaction() as tx:
            is_new = await tx.notices.raise_(WATCHING_TROUBLE)
        self._is_watching_refused = True
        if is_new:
            logger.error("fal refuses our key while jobs are watched: %s", words)
            await self._notifier.tell_admins("admin-watching-refused", words=words)

    async def watching_accepted(self) -> None:
        """Note that jobs can be watched (again)."""
        if self._is_watching_refused is False:
            return
        async with self._database.transaction() as tx:
            was_refused = await tx.notices.lower(WATCHING_TROUBLE)
        self._is_watching_refused = False
        if was_refused:
            logger.warning("jobs can be watched again")
            await self._notifier.tell_admins("admin-watching-accepted")

    async def balance_seen(self, balance_usd: Decimal, low_usd: Decimal) -> None:
        """Warn when the balance falls below the level, once until it is above again."""
        async with self._database.transaction() as tx:
            if balance_usd >= low_usd:
                await tx.notices.lower(LOW_BALANCE)
                return
            is_new = await tx.notices.raise_(LOW_BALANCE)
        if is_new:
            logger.warning("the balance at fal is low")
            await self._notifier.tell_admins("admin-low-balance", balance=f"${balance_usd:.2f}")

    async def ledger_seen(self, broken: Mapping[str, Sequence[object]]) -> None:
        """Report that the credits of users do not add up, once until they do again."""
        async with self._database.transaction() as tx:
            if not broken:
                await tx.notices.lower(LEDGER_TROUBLE)
                return
            is_new = await tx.notices.raise_(LEDGER_TROUBLE)
        if is_new:
            logger.error("the ledger is not in order: %s", dict(broken))
            await self._notifier.tell_admins("admin-ledger-broken", names="; ".join(broken))

    async def is_paused(self, tx: Transaction) -> bool:
        """Return whether new orders are paused."""
        return await tx.notices.since(ACCOUNT_TROUBLE) is not None

    async def account_refused(self, words: str) -> None:
        """Pause new orders: fal refuses the key, or the balance is exhausted."""
        async with self._database.transaction() as tx:
            is_new = await tx.notices.raise_(ACCOUNT_TROUBLE)
        if is_new:
            logger.error("fal refuses our account: %s", words)
            await self._notifier.tell_admins("admin-account-refused", words=words)

    async def account_accepted(self) -> None:
        """End a pause: fal takes orders."""
        async with self._database.transaction() as tx:
            was_paused = await tx.notices.lower(ACCOUNT_TROUBLE)
        if was_paused:
            logger.warning("fal accepts our account again")
            await self._notifier.tell_admins("admin-account-accepted")

    async def outcome_unknown(self, kind: str, row_id: str, detail: str) -> None:
        """Report a submit that may have been paid for, and nobody can tell."""
        logger.error("%s %s: outcome of the submit unknown", kind, row_id)
        await self._notifier.tell_admins(
            "admin-outcome-unknown", kind=kind, id=row_id, detail=detail
        )

    async def result_unreadable(self, kind: str, row_id: str, request: str, words: str) -> None:
        """Report a paid result in which no file was found; fal's answer is kept on the row."""
        logger.error("%s %s: the result cannot be read", kind, row_id)
        await self._notifier.tell_admins(
            "admin-result-unreadable", kind=kind, id=row_id, request=request, words=words
        )

    async def result_missing(self, kind: str, row_id: str, request: str, words: str) -> None:
        """Report a job that was given up without a result; it may be paid."""
        logger.error("%s %s: given up", kind, row_id)
        await self._notifier.tell_admins_of_job(
            "admin-result-missing", kind, row_id, request=request, words=words
        )
