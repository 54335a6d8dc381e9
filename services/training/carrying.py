"""What a training adds to a paid job: packing before the submit, a model and the news after it."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from db.database import Transaction
from db.tables import Training
from db.trainings import Trainings
from services.announcer import Announcer
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.values import Model
from services.domain.vocabulary import FailureReason, PhotoState
from services.errors import FalAccount, FalError, FalRejected
from services.fal.endpoints import TRAINERS
from services.fal.gateway import Job, Running, TrainedLora, TrainingOrder
from services.fal.progress import percent_of
from services.generation.preview import Previews
from services.identifiers import new_id
from services.jobs.endings import Endings
from services.jobs.kind import Ending, JobContext, Kind, States
from services.jobs.lanes import Lane
from services.photos.refusal import RefusalReason
from services.training.endings import training_failure
from services.training.modes import modes_of
from services.training.packing import Packing

logger = logging.getLogger(__name__)

TRAINING_STATES = States(
    ready=TrainingState.SUBMITTING,
    submitting=TrainingState.SUBMITTING,
    unconfirmed=TrainingState.UNCONFIRMED,
    queued=TrainingState.QUEUED,
    running=TrainingState.TRAINING,
    done=TrainingState.COMPLETED,
    failed=TrainingState.FAILED,
    cancelled=TrainingState.CANCELLED,
)

PACKING = frozenset({TrainingState.PREPARING, TrainingState.UPLOADING})
BEFORE_SUBMIT = PACKING | {TrainingState.ASKING}

ANSWER_WITHIN = timedelta(days=1)
"""How long a user is waited for who is asked whether to go on with fewer photos, from the last
thing that changed; then the training is cancelled, at no charge."""

LOOK_EVERY_S = 600.0
"""How often a training that waits for its user is looked at."""


class CancelledByUser(Exception):
    """The user asked to stop while photos were being packed."""


class TrainingKind(Kind[Training, TrainedLora]):
    """Trainings.

    Args:
        context: What all paid jobs are built on.
        packing: Makes archives of photos.
        announcer: Tells the user.
        previews: Orders the first pictures of new models; None for no pictures.
    """

    name = "training"
    states = TRAINING_STATES
    is_delivered_with_result = True

    def __init__(
        self,
        context: JobContext,
        packing: Packing,
        announcer: Announcer,
        previews: Previews | None = None,
    ) -> None:
        self._database = context.database
        self._rules = context.rules
        self._fal = context.fal
        self._lanes = context.lanes
        self._packing = packing
        self._announcer = announcer
        self._previews = previews
        self._new_previews: dict[str, Sequence[str]] = {}
        self.poll_s = context.rules.poll_interval_s

    def rows(self, tx: Transaction) -> Trainings:
        """See `Kind.rows`."""
        return tx.trainings

    def lane(self, row: Training) -> Lane:
        """See `Kind.lane`."""
        return self._lanes.packing if row.state in PACKING else self._lanes.delivering

    async def request(self, row: Training) -> Callable[[], Awaitable[Job]]:
        """See `Kind.request`."""
        return partial(self._fal.submit_training, row.trainer, _order_of(row))

    async def marks(self, row: Training) -> tuple[str, Sequence[str]]:
        """See `Kind.marks`: no other training has its trigger word."""
        return row.trainer, [row.trigger_word]

    async def result(self, job: Job) -> TrainedLora:
        """See `Kind.result`."""
        return await self._fal.trained_lora(job)

    async def outcome(self, tx: Transaction, row: Training) -> Mapping[str, Any]:
        """See `Kind.outcome`."""
        del tx
        return {"model_id": row.id, "status": row.state, "failure": row.failure}

    def failure(self, error: FalError) -> FailureReason:
        """See `Kind.failure`."""
        return training_failure(error)

    def changed(self, row_id: str) -> None:
        """See `Kind.changed`."""
        self._announcer.training_changed(row_id)

    async def tell_doubt(self, row_id: str) -> None:
        """See `Kind.tell_doubt`."""
        await self._announcer.training_in_doubt(row_id)

    async def barred(self, tx: Transaction, row: Training) -> Ending | None:
        """See `Kind.barred`: while fal takes no submits, its user may not want it any more."""
        del tx
        is_stopped = row.state is TrainingState.SUBMITTING and row.cancel_requested_at is not None
        return Ending(None) if is_stopped else None

    def has_run(self, row: Training) -> bool:
        """See `Kind.has_run`: a job that lost its runner waits again."""
        return row.training_started_at is not None

    def note_running(self, row: Training, status: Running) -> bool:
        """See `Kind.note_running`."""
        before = row.training_started_at, row.percent
        row.training_started_at = row.training_started_at or now()
        row.percent = max(row.percent, percent_of(status.log_lines, row.steps) or 0)
        return before != (row.training_started_at, row.percent)

    async def keep(self, tx: Transaction, row: Training, result: TrainedLora) -> Ending | None:
        """Keep the LoRA, make it the user's active model and order its first pictures."""
        row.lora_url, row.config_url, row.percent = result.lora_url, result.config_url, 100
        model = _model_of(row, result)
        await tx.models.add(model)
        await tx.models.activate(model)
        if self._previews is not None:
            ordered = await self._previews.order(tx, await tx.trainings.kept(row), model)
            if ordered:
                self._new_previews[row.id] = ordered
        return None

    def kept(self, row: Training) -> None:
        """See `Kind.kept`."""
        for preview_id in self._new_previews.pop(row.id, ()):
            if self._previews is not None:
                self._previews.carry(preview_id)

    async def step(self, row: Training, endings: Endings[Training, TrainedLora]) -> float | None:
        """See `Kind.step`."""
        if row.state in PACKING:
            return await self._prepare(row, endings)
        if row.state is TrainingState.ASKING:
            return await self._wait_for_answer(row, endings)
        if row.state.is_final:
            await self._tell(row)
        return None

    async def _prepare(self, training: Training, endings: Endings[Training, TrainedLora]) -> float:
        if training.cancel_requested_at is not None:
            await endings.end(training.id, Ending(None), BEFORE_SUBMIT)
            return 0.0
        async with self._database.transaction() as tx:
            begun = await tx.trainings.begin_packing(training.id)
            photos = list(await tx.photos.in_state(training.id, PhotoState.ACCEPTED))
        if begun is None:
            return 0.0
        logger.info(
            "training %s of user %s begins with %s photos", begun.id, begun.user_id, len(photos)
        )
        self._announcer.training_changed(training.id)
        try:
            packed = partial(self._note_packed, training.id)
            async with self._packing.archive(photos, packed) as (path, count, left_out):
                if count < self._rules.min_photos:
                    missing = Ending(FailureReason.PHOTOS_MISSING, f"{count} photos are left")
                    await endings.end(training.id, missing, BEFORE_SUBMIT)
                    return 0.0
                if left_out:
                    await self._ask(training.id, left_out)
                    return 0.0
                await self._note_upload(training.id)
                url = await self._fal.upload_archive(path, self._rules.archive_days)
        except CancelledByUser:
            await endings.end(training.id, Ending(None), BEFORE_SUBMIT)
        except (FalAccount, FalRejected) as error:
            await endings.refuse(training.id, error, BEFORE_SUBMIT)
        else:
            await self._uploaded(training.id, url)
        return 0.0

    async def _ask(self, training_id: str, left_out: Sequence[int]) -> None:
        """Leave it to the user whether the photos that are left are enough."""
        async with self._database.transaction() as tx:
            if not await tx.trainings.ask(training_id):
                return
            await tx.photos.lose(training_id, left_out, RefusalReason.LOST)
        logger.info("training %s asks: %s photos are lost", training_id, len(left_out))
        await self._announcer.training_asks(training_id)

    async def _wait_for_answer(
        self, training: Training, endings: Endings[Training, TrainedLora]
    ) -> float:
        left_s = (training.updated_at + ANSWER_WITHIN - now()).total_seconds()
        if training.cancel_requested_at is None and left_s > 0:
            return min(left_s, LOOK_EVERY_S)
        await endings.end(training.id, Ending(None), {TrainingState.ASKING})
        return 0.0

    async def _note_packed(self, training_id: str, done: int) -> None:
        async with self._database.transaction() as tx:
            if not await tx.trainings.note_packed(training_id, done):
                raise CancelledByUser
        self._announcer.training_changed(training_id)

    async def _note_upload(self, training_id: str) -> None:
        async with self._database.transaction() as tx:
            await tx.trainings.begin_upload(training_id)
        self._announcer.training_changed(training_id)

    async def _uploaded(self, training_id: str, url: str) -> None:
        async with self._database.transaction() as tx:
            await tx.trainings.end_upload(training_id, url)

    async def _tell(self, training: Training) -> None:
        if training.announced_at is None:
            await self._announcer.training_ended(training.id)
            logger.info("training %s: user %s is told", training.id, training.user_id)
            async with self._database.transaction() as tx:
                await tx.trainings.note_told(training.id)
        if not training.is_settled:
            await self._announcer.training_settled(training.id)
            async with self._database.transaction() as tx:
                await tx.trainings.note_settled(training.id)


def _model_of(training: Training, lora: TrainedLora) -> Model:
    return Model(
        id=new_id(),
        user_id=training.user_id,
        training_id=training.id,
        name=training.name,
        trigger_word=training.trigger_word,
        subject=training.subject,
        trainer=training.trainer,
        generator=TRAINERS[training.trainer].generator,
        lora_url=lora.lora_url,
    )


def _order_of(training: Training) -> TrainingOrder:
    if training.archive_url is None:
        msg = f"training {training.id} has no archive yet"
        raise ValueError(msg)
    mode = modes_of(training.trainer)[training.mode]
    return TrainingOrder(
        archive_url=training.archive_url,
        trigger_word=training.trigger_word,
        subject=training.subject,
        steps=training.steps,
        lora_rank=mode.lora_rank,
        batch_size=mode.batch_size,
        learning_rate=mode.learning_rate,
    )
