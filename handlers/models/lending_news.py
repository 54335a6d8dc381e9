"""Tells what the other one of a loan has done."""

from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from services.domain.loans import LoanNews
from services.domain.values import Place
from services.users.service import UserService
from texts.reader import Texts


class TelegramLoanNews:
    """Writes into the private chat of whom it concerns; see `LoanTeller`.

    Args:
        outgoing: How users are reached.
        users: Know their language.
    """

    def __init__(self, outgoing: Outgoing, users: UserService) -> None:
        self._outgoing = outgoing
        self._users = users

    async def tell(self, news: LoanNews) -> None:
        """See `LoanTeller.tell`."""
        t = Texts(await self._users.language(news.user_id, None))
        text = t(f"loan-news-{news.kind}", **news.words)
        await self._outgoing.send(news.user_id, Place(news.user_id), Screen(text))
