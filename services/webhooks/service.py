"""What a user can do with the address of their own program."""

import logging
from dataclasses import dataclass, replace
from datetime import timedelta

from db.database import Database
from services.domain.clock import now
from services.domain.webhooks import TEST, AddressNews, Webhook
from services.errors import NotFound
from services.identifiers import new_id
from services.webhooks.leaving import CHANNEL, leave_news
from services.webhooks.post import Came, Post, body_of
from services.webhooks.signing import new_secret

logger = logging.getLogger(__name__)

BOTH_SIGN_FOR = timedelta(days=1)
"""So long the old secret signs beside a new one."""


@dataclass(frozen=True)
class WebhookView:
    """An address, and how many messages are on their way there."""

    webhook: Webhook
    waiting: int


class Webhooks:
    """Use cases of addresses.

    Args:
        database: Where they are kept.
        post: Sends to them.
    """

    def __init__(self, database: Database, post: Post) -> None:
        self._database = database
        self._post = post

    async def of(self, user_id: int) -> WebhookView:
        """Return somebody's address.

        Raises:
            NotFound: There is none.
        """
        async with self._database.transaction() as tx:
            webhook = await tx.webhooks.of(user_id)
            waiting = await tx.webhooks.waiting(user_id)
        if webhook is None:
            raise NotFound
        return WebhookView(webhook, waiting)

    async def host(self, user_id: int) -> str:
        """Return where somebody's address is; empty where there is none."""
        async with self._database.transaction() as tx:
            webhook = await tx.webhooks.of(user_id)
        return self._post.host_of(webhook) if webhook else ""

    async def put(
        self, user_id: int, url: str, *, renews_secret: bool = False
    ) -> tuple[WebhookView, str | None]:
        """Have messages sent to an address from now on; the chat tells of a new one.

        What is on its way goes to the new address, at once.

        Args:
            user_id: Whose messages.
            url: Where.
            renews_secret: Whether another secret is made; the old one signs as well for a while.

        Returns:
            The address, and its secret where that is new: it is told here and never again.

        Raises:
            BadWebhookAddress: Nothing is sent to such an address.
        """
        address = self._post.read(url)
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            before = await tx.webhooks.of(user_id)
            secret = new_secret() if before is None or renews_secret else None
            if before is None:
                webhook = Webhook(user_id=user_id, url=url, secret=secret or new_secret())
            else:
                webhook = _changed(before, url, secret)
            await tx.webhooks.put(webhook)
            if before is None or before.url != url:
                await leave_news(tx, user_id, AddressNews.SET, address.host)
            late = await tx.webhooks.hurry(user_id)
            for message_id in late:
                await tx.wake(CHANNEL, message_id)
        logger.info("user %s has an address for messages", user_id)
        return WebhookView(webhook, len(late)), secret

    async def remove(self, user_id: int) -> None:
        """Send nothing more; where there is no address, nothing happens."""
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            await tx.webhooks.remove_of(user_id)
        logger.info("user %s has no address for messages now", user_id)

    async def test(self, user_id: int) -> Came:
        """Send a message to try an address, once, and return what came of it.

        Raises:
            NotFound: There is none.
        """
        webhook = (await self.of(user_id)).webhook
        body = body_of(TEST, now(), {})
        return await self._post.send(webhook, new_id(), body)


def _changed(before: Webhook, url: str, secret: str | None) -> Webhook:
    changed = before
    if before.url != url:
        changed = replace(changed, url=url, changed_at=now(), delivered_at=None)
    if secret is not None:
        until = now() + BOTH_SIGN_FOR
        changed = replace(changed, secret=secret, old_secret=before.secret, old_until=until)
    return changed
