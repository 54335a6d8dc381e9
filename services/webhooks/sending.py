"""Sends messages to users' programs, each a row until it has arrived or is given up."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.webhooks import AddressNews, Webhook, WebhookMessage
from services.jobs.lanes import Lane
from services.webhooks.leaving import leave_news
from services.webhooks.news import WebhookNews
from services.webhooks.post import Came, Post, body_of

logger = logging.getLogger(__name__)

HOUR_S = 3600.0

PAUSES_S = (
    *(5.0, 300.0, 1800.0),
    *(hours * HOUR_S for hours in (2, 5, 10, 14, 20, 24)),
)
"""After each try that fails: ten tries in three days, as Standard Webhooks suggests."""

MOST_WISHED_S = 24 * HOUR_S
"""A receiver that says `Retry-After` is left alone for longer, but not for longer than this."""

GIVEN_UP = "given_up"


class Sending:
    """The step that the carrier calls for a message.

    A kill between sending and noting it sends it twice, with the same id, never not at all. An
    address that says 410, or has taken nothing for as long as a message was tried, is forgotten
    with all that is on its way there, and its user is told.

    Args:
        database: Where messages are kept.
        post: Sends to programs.
        news: Tells users.
        lane: Bounds what is sent at once, and what one user's slow receiver takes of that.
        counted: Is told what came of each try, in a word, and the seconds it took; so it is of a
            message that is given up.
        pauses_s: See `PAUSES_S`.
    """

    def __init__(
        self,
        database: Database,
        post: Post,
        news: WebhookNews,
        lane: Lane,
        counted: Callable[[str, float], None] | None = None,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        self._database = database
        self._post = post
        self._news = news
        self._lane = lane
        self._counted = counted or (lambda _outcome, _took_s: None)
        self._pauses_s = pauses_s

    async def step(self, message_id: str) -> float | None:
        """Send a message, or wait until that is due.

        Returns:
            Seconds to wait before the next step, None when nothing is left to do.

        Raises:
            DeliveryFailed: The chat could not be told now.
            UserUnreachable: The user has blocked the bot: it waits for them.
            LaneClosed: The process is being stopped.
        """
        async with self._database.transaction() as tx:
            message = await tx.webhooks.message(message_id)
        if message is None:
            return None
        if message.type in set(AddressNews):
            await self._news.tell(
                message.user_id, AddressNews(message.type), str(message.data.get("host", ""))
            )
            await self._done(message)
            return None
        wait_s = (message.next_at - now()).total_seconds()
        if wait_s > 0:
            return wait_s
        async with self._lane.turn(message.user_id):
            return await self._send(message)

    async def _send(self, message: WebhookMessage) -> float | None:
        # As it is now: a turn may have been waited for.
        async with self._database.transaction() as tx:
            webhook = await tx.webhooks.of(message.user_id)
        if webhook is None:
            await self._done(message)
            return None
        began = now()
        body = body_of(message.type, message.created_at, message.data)
        came = await self._post.send(webhook, message.id, body)
        self._counted(_outcome_of(came), (now() - began).total_seconds())
        logger.info(
            "message %s of user %s, try %s: %s",
            message.id,
            message.user_id,
            message.tries + 1,
            came.status or came.trouble,
        )
        if came.is_delivered:
            async with self._database.transaction() as tx:
                await tx.webhooks.note_delivered(message.user_id, now())
                await tx.webhooks.remove(message.id)
            return None
        return await self._failed(message, webhook, came)

    async def _failed(self, message: WebhookMessage, webhook: Webhook, came: Came) -> float | None:
        tries = message.tries + 1
        async with self._database.transaction() as tx:
            present = await tx.webhooks.lock(message.user_id)
            is_same = present is not None and present.url == webhook.url
            if came.is_gone and is_same:
                await self._turn_off(tx, webhook, AddressNews.GONE)
                return None
            if tries <= len(self._pauses_s):
                wished_s = min(came.wait_s or 0.0, MOST_WISHED_S)
                pause_s = max(self._pauses_s[tries - 1], wished_s)
                late = await tx.webhooks.message(message.id)
                if late is not None and late.next_at != message.next_at:
                    # Its user has asked for it meanwhile, perhaps at another address.
                    pause_s = 0.0
                next_at = now() + timedelta(seconds=pause_s)
                await tx.webhooks.note_tried(message.id, tries, next_at)
                return pause_s
            self._counted(GIVEN_UP, 0.0)
            await tx.webhooks.remove(message.id)
            if present is not None and is_same and _is_silent(present, message):
                await self._turn_off(tx, present, AddressNews.SILENT)
        return None

    async def _turn_off(self, tx: Transaction, webhook: Webhook, why: AddressNews) -> None:
        await tx.webhooks.remove_of(webhook.user_id)
        await leave_news(tx, webhook.user_id, why, self._post.host_of(webhook))
        logger.info("the address of user %s is turned off: %s", webhook.user_id, why)

    async def _done(self, message: WebhookMessage) -> None:
        async with self._database.transaction() as tx:
            await tx.webhooks.remove(message.id)


def _is_silent(webhook: Webhook, message: WebhookMessage) -> bool:
    """Return whether an address has taken nothing since before a message was left."""
    last = max(webhook.changed_at, webhook.delivered_at or webhook.changed_at)
    return last <= message.created_at


def _outcome_of(came: Came) -> str:
    if came.is_delivered:
        return "delivered"
    return "gone" if came.is_gone else came.trouble or "refused"
