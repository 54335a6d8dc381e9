"""Looks at the photos of drafts in the background: fetch, decode, measure, compare."""

import asyncio
import logging
from collections.abc import Sequence
from typing import NamedTuple

from db.database import Database, Transaction
from services.announcer import Announcer, PhotoSource
from services.domain.values import Photo
from services.domain.vocabulary import PhotoState
from services.errors import PhotoGone, PhotoUnavailable
from services.photos.coach.seen import Seen
from services.photos.facts import PhotoFacts
from services.photos.likeness import is_same
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.worker import PhotoProcessEnded, PhotoWorker
from services.rules import TrainingRules
from services.training.coach import Coach

logger = logging.getLogger(__name__)

CHECKED = "checked"
"""Woken with the id of a draft in which no photo waits any more: who waits for that may be
another process."""

MAX_CHECKS = 2
"""Tries to check one photo. Each is counted before it begins, so that a photo which ends the photo
process, or the bot with it, is refused after the second."""
PHOTOS_IN_LINE = 3
"""Photos of one draft that wait for the photo process at a time; then other drafts have a turn."""


class Checked(NamedTuple):
    """What is known of a photo that can be used; `seen` is None where nobody looked."""

    facts: PhotoFacts
    seen: Seen | None = None


class PhotoChecks:
    """The step that takes the pending photos of one draft to accepted or refused.

    Photos are accepted in the order they were sent: one beyond the maximum waits until those
    before it are decided, and is refused only when they fill the training.
    """

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        source: PhotoSource,
        worker: PhotoWorker,
        announcer: Announcer,
        coach: Coach | None = None,
    ) -> None:
        self._database = database
        self._rules = rules
        self._source = source
        self._worker = worker
        self._announcer = announcer
        self._coach = coach
        # Only the photo that is really in work has a try counted.
        self._turn = asyncio.Lock()
        # Photos of a draft that could not be fetched in this round; it ends when all were tried.
        self._unavailable: dict[str, set[int]] = {}

    async def unfinished(self) -> Sequence[str]:
        """Return the ids of drafts with photos to check."""
        async with self._database.transaction() as tx:
            return await tx.photos.trainings_with_pending()

    async def step(self, training_id: str) -> float | None:
        """Check what waits.

        Returns:
            0 when more may wait, None when nothing does.

        Raises:
            PhotoUnavailable: Every photo has had its turn, and some could not be fetched now.
        """
        self._announcer.photos_changed(training_id)
        batch = await self._next_batch(training_id)
        if not batch:
            if self._unavailable.pop(training_id, None):
                raise PhotoUnavailable("all others are checked")
            if self._coach is not None and await self._coach.compare(training_id):
                self._announcer.photos_changed(training_id)
            return None
        troubles = await asyncio.gather(
            *(self._check(photo) for photo in batch), return_exceptions=True
        )
        for photo, trouble in zip(batch, troubles, strict=True):
            if isinstance(trouble, PhotoUnavailable):
                logger.info("photo %s is fetched later: %s", photo.id, trouble)
                self._unavailable.setdefault(training_id, set()).add(photo.id)
            elif trouble is not None:
                raise trouble
        return 0.0

    async def _next_batch(self, training_id: str) -> Sequence[Photo]:
        async with self._database.transaction() as tx:
            if await tx.drafts.lock(training_id) is None:
                self._unavailable.pop(training_id, None)
                return ()
            pending = await tx.photos.in_state(training_id, PhotoState.PENDING)
            if not pending:
                await tx.wake(CHECKED, training_id)
            accepted = await tx.photos.count(training_id, PhotoState.ACCEPTED)
            room = self._rules.max_photos - accepted
            if pending and room <= 0:
                await tx.photos.refuse_pending(training_id, RefusalReason.TOO_MANY)
                await tx.wake(CHECKED, training_id)
                self._announcer.photos_changed(training_id)
                return ()
            tried = self._unavailable.get(training_id, ())
            untried = [photo for photo in pending[:room] if photo.id not in tried]
            # What ended its check goes last, so that it does not keep the others waiting.
            return sorted(untried, key=lambda photo: photo.checks)[:PHOTOS_IN_LINE]

    async def _check(self, photo: Photo) -> None:
        verdict: Checked | PhotoRefused
        async with self._worker.room:
            try:
                verdict = await self._checked(photo, await self._source.fetch(photo.file_id))
            except PhotoRefused as refused:
                verdict = refused
            except PhotoGone:
                verdict = PhotoRefused(RefusalReason.GONE)
            except PhotoUnavailable:
                self._announcer.photos_changed(photo.training_id)
                raise
        await self._save(photo, verdict)
        self._announcer.photos_changed(photo.training_id)

    async def _checked(self, photo: Photo, data: bytes) -> Checked | PhotoRefused:
        look = self._worker.has_coach
        while True:
            # Let go of between tries: the other photos that wait come first.
            async with self._turn:
                if not await self._count_check(photo, 1):
                    return PhotoRefused(RefusalReason.UNCHECKABLE)
                try:
                    if look:
                        return Checked(*await self._worker.look(data))
                    return Checked(await self._worker.check(data))
                except PhotoRefused as refused:
                    return refused
                except PhotoProcessEnded as error:
                    # Whoever looks must not cost a photo that can be used.
                    look = False
                    logger.warning("the check of photo %s ended badly: %s", photo.id, error)
                except asyncio.CancelledError:
                    # The bot stops; that is not the photo's doing.
                    await self._count_check(photo, -1)
                    raise

    async def _count_check(self, photo: Photo, change: int) -> bool:
        """Count a try, or take it back; False when the photo has had all its tries."""
        async with self._database.transaction() as tx:
            return await tx.photos.count_check(photo.id, change, at_most=MAX_CHECKS)

    async def _save(self, photo: Photo, verdict: Checked | PhotoRefused) -> None:
        async with self._database.transaction() as tx:
            draft = await tx.drafts.lock(photo.training_id)
            row = await tx.photos.lock(photo.id)
            if draft is None or row is None or row.state != PhotoState.PENDING:
                return
            if isinstance(verdict, PhotoRefused):
                await _refuse(tx, row, verdict)
                return
            facts, seen = verdict
            stored = seen.stored() if seen is not None else None
            await tx.photos.describe(row.id, facts.sha256, facts.fingerprint, stored)
            accepted = await tx.photos.in_state(photo.training_id, PhotoState.ACCEPTED)
            if seen is not None and not seen.faces and not row.is_insisted_on:
                await _refuse(tx, row, PhotoRefused(RefusalReason.NO_FACE))
                return
            await tx.photos.accept(row.id)
            # Photos are checked side by side, but the one sent first is the one that stays.
            twins = [other for other in accepted if _is_same(other, facts)]
            first = min([row, *twins], key=lambda photo: (photo.message_id, photo.id))
            for later in [row] if first != row else twins:
                await _refuse(
                    tx, later, PhotoRefused(RefusalReason.DUPLICATE, number=first.number)
                )


def _is_same(photo: Photo, facts: PhotoFacts) -> bool:
    return photo.sha256 == facts.sha256 or is_same(photo.fingerprint, facts.fingerprint)


async def _refuse(tx: Transaction, photo: Photo, refused: PhotoRefused) -> None:
    await tx.photos.refuse(photo.id, refused.reason.value, refused.params)
