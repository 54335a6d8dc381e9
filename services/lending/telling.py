"""Tells users what the other one of a loan has done, each news a row until it is told."""

from typing import Protocol

from db.database import Database
from services.domain.loans import LoanNews


class LoanTeller(Protocol):
    """How it is told; implemented by the handlers."""

    async def tell(self, news: LoanNews) -> None:
        """Send it.

        Raises:
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...


class LoanTelling:
    """The step that the carrier calls for news.

    A kill between sending and forgetting them tells them twice, never not at all.

    Args:
        database: Where news are kept.
        teller: How they are told.
    """

    def __init__(self, database: Database, teller: LoanTeller) -> None:
        self._database = database
        self._teller = teller

    async def step(self, news_id: str) -> float | None:
        """Tell news.

        Returns:
            None: nothing is left to do.

        Raises:
            DeliveryFailed: It could not be sent now.
        """
        async with self._database.transaction() as tx:
            news = await tx.loan_news.get(news_id)
            user = await tx.users.get(news.user_id) if news else None
        if news is None:
            return None
        if user is not None:
            await self._teller.tell(news)
        async with self._database.transaction() as tx:
            await tx.loan_news.remove(news_id)
        return None
