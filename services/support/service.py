"""What users write to the operator, and what admins answer."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from db.database import Database, Transaction
from services.domain.clock import now
from services.domain.console import Action, Deed
from services.domain.support import Said, SupportMessage, SupportThread
from services.domain.values import Place, SentMessage
from services.errors import NobodyToAsk, NotFound, SupportTooLong, SupportTooOften
from services.identifiers import new_id

logger = logging.getLogger(__name__)

MAX_UNITS = 3500
"""UTF-16 units of one message: with what is said of its user it fits into Telegram's 4096."""

MOST_AN_HOUR = 30
"""Messages of one user: two albums and more words than anybody needs."""

HOUR = timedelta(hours=1)

A_PAGE = 8
"""Threads in a list, and messages in a history."""


@dataclass(frozen=True)
class ThreadPage:
    """A thread with some of its messages, the newest first."""

    thread: SupportThread
    messages: Sequence[SupportMessage]
    page: int
    has_older: bool


@dataclass(frozen=True)
class ThreadList:
    """Some of the threads that are open, or closed."""

    threads: Sequence[SupportThread]
    is_open: bool
    page: int
    has_more: bool


class SupportService:
    """Use cases of both sides of a thread.

    Args:
        database: Where threads are kept.
        admins: Gives the Telegram ids of all admins.
        carry: Has a message delivered, now.
    """

    def __init__(
        self,
        database: Database,
        admins: Callable[[], Awaitable[frozenset[int]]],
        carry: Callable[[str], None],
    ) -> None:
        self._database = database
        self._admins = admins
        self._carry = carry

    async def has_somebody(self) -> bool:
        """Return whether there is an admin to write to."""
        return bool(await self._admins())

    async def write(self, user_id: int, place: Place, said: Said) -> None:
        """Keep what a user writes, and pass it on to the admins; again, it changes nothing.

        Args:
            user_id: Who writes.
            place: Where answers go.
            said: What they wrote.

        Raises:
            NobodyToAsk: There is no admin.
            SupportTooLong: It has more than `MAX_UNITS` units.
            SupportTooOften: The user has written `MOST_AN_HOUR` messages within an hour.
        """
        if not await self.has_somebody():
            raise NobodyToAsk(id=str(user_id))
        _check_length(said)
        async with self._database.transaction() as tx:
            thread = await tx.support.open_thread(new_id(), user_id, place)
            if await tx.support.has(said.origin):
                return
            if await tx.support.count_of_user(thread.id, now() - HOUR) >= MOST_AN_HOUR:
                raise SupportTooOften(max=MOST_AN_HOUR)
            message = _message(thread.id, said)
            await tx.support.add(message)
        logger.info("user %s has written to the operator: %s", user_id, message.id)
        self._carry(message.id)

    async def answer(self, admin_id: int, thread_id: str, said: Said) -> SupportThread:
        """Keep what an admin answers, and pass it on; a closed thread is open again.

        Returns:
            The thread.

        Raises:
            NotFound: The thread is gone with its user's data.
            SupportTooLong: It has more than `MAX_UNITS` units.
        """
        _check_length(said)
        async with self._database.transaction() as tx:
            thread = await _existing(tx, thread_id)
            message = _message(thread_id, said, admin_id)
            is_new = await tx.support.add(message)
            if is_new:
                await tx.actions.add(_action(admin_id, Deed.REPLY, thread))
        if is_new:
            logger.info("admin %s answers in thread %s", admin_id, thread_id)
            self._carry(message.id)
        return thread

    async def set_closed(self, admin_id: int, thread_id: str, *, closed: bool) -> None:
        """Close a thread, or open it again. Raises NotFound as `answer`."""
        async with self._database.transaction() as tx:
            thread = await _existing(tx, thread_id)
            if (thread.closed_at is not None) != closed:
                await tx.support.set_closed(thread_id, closed=closed)
                deed = Deed.CLOSE if closed else Deed.REOPEN
                await tx.actions.add(_action(admin_id, deed, thread))

    async def has_album(self, user_id: int, album: str) -> bool:
        """Return whether some of an album has been written to the operator."""
        async with self._database.transaction() as tx:
            return await tx.support.has_album(user_id, album)

    async def shown_by(self, copy: SentMessage) -> tuple[SupportThread, SupportMessage] | None:
        """Return what a message of the bot shows, if it is a message of a thread."""
        async with self._database.transaction() as tx:
            message = await tx.support.shown_by(copy)
            thread = await tx.support.thread(message.thread_id) if message else None
        return None if message is None or thread is None else (thread, message)

    async def note_shown(self, message_id: str, copy: SentMessage) -> None:
        """Note that a message of the bot at the console shows a message of a thread."""
        async with self._database.transaction() as tx:
            if await tx.support.lock(message_id) is not None:
                await tx.support.note_copy(message_id, copy)

    async def page(self, thread_id: str, page: int = 0) -> ThreadPage:
        """Return a thread with a page of its history. Raises NotFound as `answer`."""
        async with self._database.transaction() as tx:
            thread = await _existing(tx, thread_id)
            found = await tx.support.history(thread_id, A_PAGE + 1, page * A_PAGE)
        return ThreadPage(thread, found[:A_PAGE], page, len(found) > A_PAGE)

    async def threads(self, page: int = 0, *, is_open: bool = True) -> ThreadList:
        """Return a page of the threads that are open, or closed."""
        async with self._database.transaction() as tx:
            found = await tx.support.threads(A_PAGE + 1, page * A_PAGE, is_open=is_open)
        return ThreadList(found[:A_PAGE], is_open, page, len(found) > A_PAGE)


def _check_length(said: Said) -> None:
    if said.text is not None and len(said.text.encode("utf-16-le")) > 2 * MAX_UNITS:
        raise SupportTooLong(max=MAX_UNITS)


def _message(thread_id: str, said: Said, admin_id: int | None = None) -> SupportMessage:
    return SupportMessage(
        id=new_id(),
        thread_id=thread_id,
        origin=said.origin,
        admin_id=admin_id,
        text=said.text,
        attachment=said.attachment,
        file_id=said.file_id,
        album=said.album,
        code=said.code,
    )


def _action(admin_id: int, deed: Deed, thread: SupportThread) -> Action:
    return Action(admin_id=admin_id, deed=deed, user_id=thread.user_id, of_id=thread.id)


async def _existing(tx: Transaction, thread_id: str) -> SupportThread:
    thread = await tx.support.thread(thread_id)
    if thread is None:
        raise NotFound
    return thread
