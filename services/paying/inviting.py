"""Inviting others: a link of one's own, and what it brings both."""

from datetime import timedelta

from db.database import Database
from services.domain.clock import now
from services.domain.values import User
from services.money.referrals import Referrals

NEW_FOR = timedelta(minutes=10)
"""Who was met so long ago knows the bot already."""


class Inviting:
    """Use cases of invitations.

    Args:
        database: Where everything is kept.
        credits: What both get once the friend has paid; 0 where there is nothing, or nobody pays.
    """

    def __init__(self, database: Database, credits: int = 0) -> None:  # noqa: A002  # our word
        self._database = database
        self._referrals = Referrals()
        self.credits = credits

    async def code_of(self, user_id: int) -> str | None:
        """Return the code of a user's own link; None where invitations bring nothing."""
        if not self.credits:
            return None
        async with self._database.transaction() as tx:
            return await self._referrals.code_of(tx, user_id)

    async def follow(self, user: User, code: str) -> bool:
        """Return whether a user has come by this link, and is new here."""
        if user.created_at < now() - NEW_FOR:
            return False
        async with self._database.transaction() as tx:
            return await self._referrals.follow(tx, user.id, code)

    async def paid(self, user_id: int) -> None:
        """Grant both what an invitation brings whose friend has paid; again, nothing."""
        if not self.credits:
            return
        async with self._database.transaction() as tx:
            wallet = await tx.wallets.find(user_id)
            if wallet is not None:
                await self._referrals.reward(tx, wallet.id, self.credits)
