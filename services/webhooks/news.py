"""What is told in the chat of an address: implemented by the handlers, which know Telegram."""

from typing import Protocol

from services.domain.webhooks import AddressNews


class WebhookNews(Protocol):
    """Tells users what has become of their addresses."""

    async def tell(self, user_id: int, news: AddressNews, host: str) -> None:
        """Say it in the chat.

        Args:
            user_id: Whose address.
            news: What.
            host: Where the address is; the rest of it may hold a secret.

        Raises:
            UserUnreachable: The user has blocked the bot, or the chat is gone.
            DeliveryFailed: Telegram did not take it; try again later.
        """
        ...
