"""Support threads with their messages."""

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db import console_tables as tables
from db.claims import Claims
from db.upsert import insert_missing
from db.values import columns_of, value_of, value_or_none
from services.domain.clock import now
from services.domain.support import SupportMessage, SupportThread
from services.domain.values import Place, SentMessage


class Support:
    """What users and the operator write to each other."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open_thread(self, new_id: str, user_id: int, place: Place) -> SupportThread:
        """Return the user's thread, open and with answers going to `place`.

        The row is locked: messages of one user are counted one after the other. A first thread
        gets `new_id`.
        """
        values = {"user_id": user_id, "chat_id": place.chat_id, "is_waiting": False}
        await insert_missing(
            self._session,
            tables.SupportThread,
            {"id": new_id, **values, "written_at": now(), "created_at": now()},
            index_elements=["user_id"],
        )
        query = select(tables.SupportThread).where(tables.SupportThread.user_id == user_id)
        row = (await self._session.scalars(query.with_for_update())).one()
        row.chat_id, row.message_thread_id = place.chat_id, place.thread_id
        row.closed_at = None
        await self._session.flush()
        return value_of(SupportThread, row)

    async def thread(self, thread_id: str) -> SupportThread | None:
        """Return a thread."""
        row = await self._session.get(tables.SupportThread, thread_id, populate_existing=True)
        return value_or_none(SupportThread, row)

    async def thread_of(self, user_id: int) -> SupportThread | None:
        """Return the thread of a user, if there is one."""
        query = select(tables.SupportThread).where(tables.SupportThread.user_id == user_id)
        return value_or_none(SupportThread, await self._session.scalar(query))

    async def threads(
        self, limit: int, offset: int = 0, *, is_open: bool = True
    ) -> Sequence[SupportThread]:
        """Return threads, those that wait for an answer first, then by what was written last."""
        table = tables.SupportThread
        is_wanted = table.closed_at.is_(None) if is_open else table.closed_at.is_not(None)
        rows = await self._session.scalars(
            select(table)
            .where(is_wanted)
            .order_by(table.is_waiting.desc(), table.written_at.desc(), table.id)
            .limit(limit)
            .offset(offset)
        )
        return [value_of(SupportThread, row) for row in rows]

    async def count_waiting(self) -> int:
        """Count the open threads whose users have written last."""
        table = tables.SupportThread
        query = select(func.count()).where(table.is_waiting, table.closed_at.is_(None))
        return await self._session.scalar(query) or 0

    async def set_closed(self, thread_id: str, *, closed: bool) -> None:
        """Close a thread, or open it again; the first moment of a close is kept."""
        moment = func.coalesce(tables.SupportThread.closed_at, now()) if closed else None
        await self._session.execute(
            update(tables.SupportThread)
            .where(tables.SupportThread.id == thread_id)
            .values(closed_at=moment)
        )

    async def add(self, message: SupportMessage) -> bool:
        """Keep a message; one of the same origin is kept once.

        Returns:
            Whether it is new.
        """
        is_new = await insert_missing(
            self._session, tables.SupportMessage, columns_of(message), index_elements=["origin"]
        )
        if is_new:
            changes = {"is_waiting": message.admin_id is None, "written_at": message.created_at}
            await self._session.execute(
                update(tables.SupportThread)
                .where(tables.SupportThread.id == message.thread_id)
                .values(closed_at=None, **changes)
            )
        return is_new

    async def has(self, origin: str) -> bool:
        """Return whether a message has been kept."""
        query = select(exists().where(tables.SupportMessage.origin == origin))
        return bool(await self._session.scalar(query))

    async def get(self, message_id: str) -> SupportMessage | None:
        """Return a message."""
        row = await self._session.get(tables.SupportMessage, message_id, populate_existing=True)
        return value_or_none(SupportMessage, row)

    async def lock(self, message_id: str) -> SupportMessage | None:
        """Return a message that is not deleted until the transaction ends."""
        row = await self._session.get(
            tables.SupportMessage, message_id, populate_existing=True, with_for_update=True
        )
        return value_or_none(SupportMessage, row)

    async def history(
        self, thread_id: str, limit: int, offset: int = 0
    ) -> Sequence[SupportMessage]:
        """Return the messages of a thread, the newest first."""
        table = tables.SupportMessage
        rows = await self._session.scalars(
            select(table)
            .where(table.thread_id == thread_id)
            .order_by(table.created_at.desc(), table.id)
            .limit(limit)
            .offset(offset)
        )
        return [value_of(SupportMessage, row) for row in rows]

    async def count_of_user(self, thread_id: str, since: datetime) -> int:
        """Count what the user has written since then."""
        table = tables.SupportMessage
        query = select(func.count()).where(
            table.thread_id == thread_id, table.admin_id.is_(None), table.created_at > since
        )
        return await self._session.scalar(query) or 0

    async def has_album(self, user_id: int, album: str) -> bool:
        """Return whether some of an album is in the user's thread."""
        query = (
            select(tables.SupportMessage.id)
            .join(tables.SupportThread)
            .where(tables.SupportThread.user_id == user_id, tables.SupportMessage.album == album)
            .limit(1)
        )
        return await self._session.scalar(query) is not None

    @property
    def claims(self) -> Claims:
        """What replicas have in hand."""
        is_left = tables.SupportMessage.delivered_at.is_(None)
        return Claims(self._session, tables.SupportMessage, is_left)

    async def note_copy(self, message_id: str, copy: SentMessage) -> None:
        """Note that a message of the bot shows a message of a thread."""
        values = {"chat_id": copy.chat_id, "message_id": copy.message_id, "of_id": message_id}
        await insert_missing(
            self._session, tables.SupportCopy, values, index_elements=["chat_id", "message_id"]
        )

    async def reached(self, message_id: str) -> Set[int]:
        """Return the chats that have been sent a message."""
        query = select(tables.SupportCopy.chat_id).where(tables.SupportCopy.of_id == message_id)
        return frozenset(await self._session.scalars(query))

    async def shown_by(self, copy: SentMessage) -> SupportMessage | None:
        """Return what a message of the bot shows, if it is a message of a thread."""
        row = await self._session.get(tables.SupportCopy, (copy.chat_id, copy.message_id))
        return None if row is None else await self.get(row.of_id)

    async def copies_elsewhere(self, user_id: int) -> Sequence[SentMessage]:
        """Return what shows a user's thread in the chats of admins."""
        rows = await self._session.execute(
            select(tables.SupportCopy.chat_id, tables.SupportCopy.message_id)
            .join(tables.SupportMessage)
            .join(tables.SupportThread)
            .where(
                tables.SupportThread.user_id == user_id,
                tables.SupportCopy.chat_id != tables.SupportThread.chat_id,
            )
        )
        return [SentMessage(chat_id, message_id) for chat_id, message_id in rows]

    async def note_delivered(self, message_id: str) -> None:
        """Note that all whom a message is for have been sent it."""
        await self._session.execute(
            update(tables.SupportMessage)
            .where(tables.SupportMessage.id == message_id)
            .values(delivered_at=now())
        )
