"""What users are given: free credits, and what codes bring."""

from dataclasses import dataclass

from db.database import Database
from services.errors import DomainError
from services.money.gifts import Gifts
from services.money.passing import Passing

GIFT_PREFIX = "gift_"
"""Tells the code of a gift from one of an admin's; the link to a gift begins with it, too."""


@dataclass(frozen=True)
class Redeemed:
    """What became of a code: it has brought credits, or `error` says why not."""

    credits: int = 0
    error: DomainError | None = None


class Giving:
    """Use cases of gifts.

    Args:
        database: Where everything is kept.
        free_credits: What everybody gets once; 0 where there is nothing, or nobody pays.
        is_on: Whether users pay, so that codes are worth something.
    """

    def __init__(self, database: Database, free_credits: int = 0, *, is_on: bool = True) -> None:
        self._database = database
        self._free_credits = free_credits
        self._gifts, self._passing = Gifts(), Passing()
        self.is_on = is_on

    async def welcome(self, user_id: int) -> int:
        """Grant a user their free credits, unless they had them, and return how many."""
        if not self._free_credits:
            return 0
        async with self._database.transaction() as tx:
            is_given = await self._gifts.free(tx, user_id, self._free_credits)
        return self._free_credits if is_given else 0

    async def redeem(self, user_id: int, code: str) -> Redeemed:
        """Take what a code brings."""
        try:
            async with self._database.transaction() as tx:
                if code.startswith(GIFT_PREFIX):
                    gift = code.removeprefix(GIFT_PREFIX)
                    return Redeemed(await self._passing.redeem(tx, user_id, gift))
                return Redeemed(await self._gifts.promo(tx, user_id, code.upper()))
        except DomainError as error:
            return Redeemed(error=error)
