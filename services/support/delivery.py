"""Delivers the messages of support threads, each a row until all have been sent it."""

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from db.database import Database
from services.domain.support import SupportMessage, SupportThread
from services.domain.values import SentMessage
from services.errors import DeliveryFailed, UserUnreachable

logger = logging.getLogger(__name__)


class SupportPost(Protocol):
    """How messages of threads are sent: implemented by the handlers.

    Both raise UserUnreachable and DeliveryFailed, and return what was sent; None where Telegram
    will never take it.
    """

    async def to_admin(
        self, admin_id: int, thread: SupportThread, message: SupportMessage
    ) -> SentMessage | None:
        """Show a message to an admin, with whose thread it is of."""
        ...

    async def to_user(self, thread: SupportThread, message: SupportMessage) -> SentMessage | None:
        """Show an admin's answer to the user."""
        ...

    async def take_back(self, sent: SentMessage) -> None:
        """Delete what was just sent. Never fails."""
        ...


class SupportDelivery:
    """The step that the carrier calls for a message.

    What a user writes goes to every admin; an answer goes to the user, and to the other admins so
    that nobody answers twice. A kill between sending and noting it sends it twice, never not at
    all. An admin who cannot be reached finds it at the console; a user gets it when they return.

    Args:
        database: Where messages are kept.
        admins: Gives the Telegram ids of all admins.
        post: How they are sent.
    """

    def __init__(
        self,
        database: Database,
        admins: Callable[[], Awaitable[frozenset[int]]],
        post: SupportPost,
    ) -> None:
        self._database = database
        self._admins = admins
        self._post = post

    async def step(self, message_id: str) -> float | None:
        """Deliver a message.

        Returns:
            None: nothing is left to do.

        Raises:
            DeliveryFailed: Somebody could not be sent it now; others were.
            UserUnreachable: The user has blocked the bot: it waits for them.
        """
        async with self._database.transaction() as tx:
            message = await tx.support.get(message_id)
            thread = await tx.support.thread(message.thread_id) if message else None
            reached = await tx.support.reached(message_id)
        if message is None or thread is None or message.delivered_at is not None:
            return None
        failure: DeliveryFailed | None = None
        for admin_id in sorted(await self._admins_for(thread, message) - reached):
            try:
                await self._note(message, await self._post.to_admin(admin_id, thread, message))
            except UserUnreachable:
                logger.info("admin %s cannot be sent message %s", admin_id, message_id)
            except DeliveryFailed as error:
                failure = error
        if message.admin_id is not None and thread.user_id not in reached:
            await self._note(message, await self._post.to_user(thread, message))
        if failure is not None:
            raise failure
        async with self._database.transaction() as tx:
            await tx.support.note_delivered(message_id)
        return None

    async def _admins_for(self, thread: SupportThread, message: SupportMessage) -> frozenset[int]:
        admins = await self._admins()
        if message.admin_id is None:
            return admins
        # The user's own copy is the answer itself.
        return admins - {message.admin_id, thread.user_id}

    async def _note(self, message: SupportMessage, sent: SentMessage | None) -> None:
        if sent is None:
            return
        async with self._database.transaction() as tx:
            is_there = await tx.support.lock(message.id) is not None
            if is_there:
                await tx.support.note_copy(message.id, sent)
        if not is_there:
            # The user has deleted their data meanwhile.
            await self._post.take_back(sent)
