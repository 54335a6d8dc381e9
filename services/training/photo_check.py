"""Looks at the photos of drafts in the background: fetch, decode, measure, compare."""

import asyncio
from collections.abc import Sequence

from db.database import Database
from db.tables import Photo
from services.announcer import Announcer, PhotoSource
from services.domain.states import TrainingState
from services.domain.vocabulary import PhotoState
from services.errors import PhotoGone, PhotoUnavailable
from services.photos.check import PhotoFacts
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.worker import PhotoWorker
from services.rules import TrainingRules


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
    ) -> None:
        self._database = database
        self._rules = rules
        self._source = source
        self._worker = worker
        self._announcer = announcer

    async def unfinished(self) -> Sequence[str]:
        """Give the ids of drafts with photos to check."""
        async with self._database.transaction() as tx:
            return await tx.photos.trainings_with_pending()

    async def step(self, training_id: str) -> float | None:
        """Check what waits.

        Returns:
            0 when more may wait, None when nothing does.

        Raises:
            PhotoUnavailable: Some photo could not be fetched now.
        """
        self._announcer.photos_changed(training_id)
        batch = await self._next_batch(training_id)
        if not batch:
            return None
        troubles = await asyncio.gather(
            *(self._check(photo) for photo in batch), return_exceptions=True
        )
        for trouble in troubles:
            if trouble is not None:
                raise trouble
        return 0.0

    async def _next_batch(self, training_id: str) -> Sequence[Photo]:
        async with self._database.transaction() as tx:
            training = await tx.trainings.lock(training_id)
            if training is None or training.state != TrainingState.DRAFT:
                return ()
            pending = await tx.photos.in_state(training_id, PhotoState.PENDING)
            accepted = await tx.photos.count(training_id, PhotoState.ACCEPTED)
            room = self._rules.max_photos - accepted
            if pending and room <= 0:
                await tx.photos.refuse_pending(training_id, RefusalReason.TOO_MANY)
                self._announcer.photos_changed(training_id)
                return ()
            return pending[:room]

    async def _check(self, photo: Photo) -> None:
        verdict: PhotoFacts | PhotoRefused
        async with self._worker.room:
            try:
                verdict = await self._worker.check(await self._source.fetch(photo.file_id))
            except PhotoRefused as refused:
                verdict = refused
            except PhotoGone:
                verdict = PhotoRefused(RefusalReason.GONE)
            except PhotoUnavailable:
                self._announcer.photos_changed(photo.training_id)
                raise
        await self._save(photo, verdict)
        self._announcer.photos_changed(photo.training_id)

    async def _save(self, photo: Photo, verdict: PhotoFacts | PhotoRefused) -> None:
        async with self._database.transaction() as tx:
            training = await tx.trainings.lock(photo.training_id)
            row = await tx.photos.lock(photo.id)
            if training is None or row is None or row.state != PhotoState.PENDING:
                return
            if isinstance(verdict, PhotoRefused):
                _refuse(row, verdict)
                return
            twin = await tx.photos.accepted_with_hash(photo.training_id, verdict.sha256)
            row.state, row.sha256 = PhotoState.ACCEPTED, verdict.sha256
            if twin is not None:
                # Photos are checked side by side, but the one sent first is the one that stays.
                later = max(row, twin, key=lambda photo: photo.message_id)
                _refuse(later, PhotoRefused(RefusalReason.DUPLICATE))


def _refuse(row: Photo, refused: PhotoRefused) -> None:
    row.state, row.refusal = PhotoState.REFUSED, refused.reason.value
    row.refusal_params = dict(refused.params)
