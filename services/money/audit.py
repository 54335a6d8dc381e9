"""Looks whether the credits of users add up."""

from db.database import Database
from services.operator import Operator

LOOK_EVERY_S = 3600.0


class LedgerAudit:
    """Asks the invariants of the ledger, at every start and each hour.

    Args:
        database: Where the ledger is.
        operator: Is told where one does not hold.
    """

    def __init__(self, database: Database, operator: Operator) -> None:
        self._database = database
        self._operator = operator

    async def look(self) -> float:
        """Ask all of them.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            broken = await tx.invariants.broken()
        await self._operator.ledger_seen(broken)
        return LOOK_EVERY_S
