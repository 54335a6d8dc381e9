"""Gifts of one user to another."""

import secrets
from collections.abc import Sequence

from db.database import Database
from services.domain.codes import Gift
from services.errors import CreditsMissing, StaleButton
from services.money.passing import Passing

GIFT = "gift"
"""The kind of a request that waits for its payment."""


class Gifting:
    """Use cases of who gives.

    Args:
        database: Where everything is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._passing = Passing()

    async def make(self, user_id: int, stars: int, code: str = "") -> Gift:
        """Make a gift, by a code that is drawn where none is given.

        Raises:
            CreditsMissing: The user has bought less; the gift is made once it is paid.
        """
        code = code or secrets.token_urlsafe(15)
        try:
            async with self._database.transaction() as tx:
                return await self._passing.make(tx, user_id, stars, code)
        except CreditsMissing as error:
            error.request = {"kind": GIFT, "stars": stars, "code": code}
            raise

    async def waiting(self, user_id: int) -> Sequence[Gift]:
        """Return the gifts of a user that nobody has redeemed yet."""
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.find(user_id)
            return await tx.gifts.open_of(wallet.id) if wallet else []

    async def take_back(self, user_id: int, code: str) -> None:
        """Return a gift to the balance of who gave it.

        Raises:
            StaleButton: Somebody has it by now, or it is back already.
        """
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.of_user(user_id)
            if not await self._passing.take_back(tx, wallet.id, code):
                raise StaleButton
