"""Tells users of the addresses of their programs; see `services.webhooks.news.WebhookNews`."""

from handlers.telegram.outgoing import Outgoing
from handlers.telegram.screen import Screen
from services.domain.values import Place
from services.domain.webhooks import AddressNews
from services.users.service import UserService
from texts.reader import Texts


class TelegramWebhookNews:
    """Writes into the private chat of whose address it is.

    Args:
        outgoing: How users are reached.
        users: Know their language.
    """

    def __init__(self, outgoing: Outgoing, users: UserService) -> None:
        self._outgoing = outgoing
        self._users = users

    async def tell(self, user_id: int, news: AddressNews, host: str) -> None:
        """See `WebhookNews.tell`."""
        t = Texts(await self._users.language(user_id, None))
        await self._outgoing.send(user_id, Place(user_id), Screen(t(f"webhook-{news}", host=host)))
