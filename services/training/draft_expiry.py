"""Removes drafts that nobody has worked on for a week, and tells their users a day before."""

import logging
from datetime import datetime, timedelta
from enum import Enum, auto

from db.database import Database, Transaction
from services.announcer import Announcer
from services.domain.clock import now
from services.domain.values import Draft, User
from services.errors import DeliveryFailed

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=7)
"""How long a draft is kept after the last thing its user did with it."""

NOTICE = timedelta(days=1)
"""How long before its removal the user is told."""

LOOK_EVERY_S = 3600.0


class Fate(Enum):
    """What a look finds to do with a draft."""

    KEEP = auto()
    REMIND = auto()
    REMOVE = auto()


class DraftExpiry:
    """Looks at old drafts now and then.

    Nothing is promised to the hour, but nobody who can and wants to be told loses photos without
    the day of notice: the removal counts from it when it comes late. `reminded_at` is committed
    after Telegram's answer, so a crash in between tells twice, never not at all.
    """

    def __init__(self, database: Database, announcer: Announcer) -> None:
        self._database = database
        self._announcer = announcer

    async def look(self) -> float:
        """See to every draft that is due.

        Returns:
            Seconds until the next look.
        """
        async with self._database.transaction() as tx:
            due = await tx.drafts.untouched_since(now() - KEPT_FOR + NOTICE)
        for training_id in due:
            if await self._settle(training_id) is Fate.REMIND:
                await self._remind(training_id)
        return LOOK_EVERY_S

    async def _settle(self, training_id: str) -> Fate:
        """Decide a draft's fate, and remove it when that is it."""
        async with self._database.transaction() as tx:
            # Locked and read again: whoever takes the draft up at this moment keeps it.
            draft = await tx.drafts.lock(training_id)
            if draft is None:
                return Fate.KEEP
            fate = await _fate(tx, draft)
            if fate is Fate.REMOVE:
                await tx.drafts.remove(draft.id)
                logger.info("draft %s was left for too long and is removed", training_id)
            return fate

    async def _remind(self, training_id: str) -> None:
        try:
            await self._announcer.draft_ages(training_id, (now() + NOTICE).date())
        except DeliveryFailed as error:
            logger.warning("draft %s: its user is not told: %s", training_id, error)
            return
        async with self._database.transaction() as tx:
            await tx.drafts.note_reminder(training_id)


async def _fate(tx: Transaction, draft: Draft) -> Fate:
    user = await tx.users.get(draft.user_id)
    has_photos = bool(await tx.photos.all_of(draft.id))
    return fate_of(draft, user, now(), has_photos=has_photos)


def fate_of(draft: Draft, user: User | None, at: datetime, *, has_photos: bool) -> Fate:
    """Decide what becomes of a draft.

    A user who wants no reminders or cannot be reached is not told, nor is one who loses nothing
    because no photo was sent.

    Args:
        draft: The draft.
        user: Whose it is.
        at: The present moment.
        has_photos: Whether any photo was sent for it.
    """
    is_old = at >= draft.updated_at + KEPT_FOR
    can_be_told = user is not None and user.wants_reminders and user.unreachable_since is None
    if not (can_be_told and has_photos):
        return Fate.REMOVE if is_old else Fate.KEEP
    reminded_at = draft.reminded_at
    # A reminder counts for the idle week it was sent in, not for one that began after it.
    if reminded_at is None or reminded_at < draft.updated_at + KEPT_FOR - NOTICE:
        return Fate.REMIND if at >= draft.updated_at + KEPT_FOR - NOTICE else Fate.KEEP
    return Fate.REMOVE if is_old and at >= reminded_at + NOTICE else Fate.KEEP
