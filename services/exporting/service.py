"""What a user can do about a copy of their data."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

from db.database import Database
from services.domain.clock import now
from services.domain.exports import Export, ExportState
from services.domain.values import Place
from services.errors import ExportTooSoon, ExportUnderWay, NotFound, StaleButton
from services.identifiers import new_id

logger = logging.getLogger(__name__)

CHANNEL = "exports"
"""Woken with the id of a copy that is to be seen to now."""

EVERY = timedelta(days=1)
"""How long after a copy the next one may begin."""


class Exports:
    """Use cases of copies.

    Args:
        database: Where everything is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self,
        user_id: int,
        place: Place,
        show: Callable[[Export], Awaitable[int]] | None = None,
    ) -> Export:
        """Begin a copy of all that is the user's.

        Args:
            user_id: Whose data.
            place: Where it is sent.
            show: Shows for the first time how it stands; returns the message. Without it that is
                shown when its turn comes.

        Raises:
            ExportUnderWay: One is being made.
            ExportTooSoon: One was made within a day.
        """
        async with self._database.transaction() as tx:
            await tx.users.lock(user_id)
            latest = await tx.exports.latest_of(user_id)
            _check(latest)
            items = await tx.exported.files_of(user_id)
            export = Export(
                id=new_id(),
                user_id=user_id,
                chat_id=place.chat_id,
                message_thread_id=place.thread_id,
                items=len(items),
            )
            await tx.exports.add(export, items)
        logger.info("user %s has a copy of their data made: %s", user_id, export.id)
        message_id = None
        try:
            message_id = None if show is None else await show(export)
        finally:
            async with self._database.transaction() as tx:
                if message_id is not None:
                    await tx.exports.show_in(export.id, message_id)
                await tx.wake(CHANNEL, export.id)
        return replace(export, message_id=message_id)

    async def own(self, user_id: int, export_id: str) -> Export:
        """Return a copy of the user.

        Raises:
            NotFound: No such copy of this user.
        """
        async with self._database.transaction() as tx:
            export = await tx.exports.get(export_id)
        if export is None or export.user_id != user_id:
            raise NotFound
        return export

    async def cancel(self, user_id: int, export_id: str) -> Export:
        """Stop a copy; what was sent of it stays in the chat.

        Raises:
            NotFound: No such copy of this user.
            StaleButton: It has ended.
        """
        async with self._database.transaction() as tx:
            export = await tx.exports.lock(export_id)
            if export is None or export.user_id != user_id:
                raise NotFound
            if not await tx.exports.end(export_id, ExportState.CANCELLED):
                raise StaleButton
            await tx.wake(CHANNEL, export_id)
        logger.info("user %s has stopped copy %s", user_id, export_id)
        return replace(export, state=ExportState.CANCELLED)


def _check(latest: Export | None) -> None:
    """Raise what keeps a user from another copy; one that came to nothing does not."""
    if latest is None:
        return
    if latest.state is ExportState.WORKING:
        raise ExportUnderWay
    is_had = latest.state is ExportState.DONE or latest.parts > 0
    next_at = latest.created_at + EVERY
    if is_had and latest.state is not ExportState.FAILED and now() < next_at:
        raise ExportTooSoon(at=f"{next_at:%Y-%m-%d %H:%M}")


class ExportViews:
    """How copies stand, for what shows it.

    Args:
        database: Where copies are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, export_id: str) -> Export | None:
        """Return a copy."""
        async with self._database.transaction() as tx:
            return await tx.exports.get(export_id)

    async def show_in(self, export_id: str, message_id: int) -> bool:
        """Note which message shows a copy; return whether it is still there."""
        async with self._database.transaction() as tx:
            return await tx.exports.show_in(export_id, message_id)
