"""The steps of a training: prepare, upload, submit, watch, tell."""

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from db.database import Database
from db.tables import Training
from services.announcer import Announcer
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import FailureReason, PhotoState
from services.errors import (
    FalAccount,
    FalError,
    FalJobFailed,
    FalOutcomeUnknown,
    FalRefusesKey,
    FalRejected,
    FalResultGone,
    FalUnavailable,
)
from services.fal.gateway import (
    CancelOutcome,
    Ended,
    FalGateway,
    Job,
    JobStatus,
    Queued,
    Running,
    TrainingOrder,
)
from services.fal.progress import percent_of
from services.generation.preview import Previews
from services.jobs.at_fal import job_of, what_history_said
from services.money.limits import Ledger
from services.operator import Operator
from services.rules import TrainingRules
from services.training.endings import Endings, training_failure
from services.training.modes import modes_of
from services.training.packing import Packing

logger = logging.getLogger(__name__)

BAD_ANSWERS_BELIEVED = 3
"""So many times in a row must fal say that a job failed or is unknown before it is believed: a
single 5xx or 404 may be a hiccup of the queue, and a paid model must not be given up for one."""

HISTORY_MARGIN = timedelta(minutes=10)
"""fal's clock may differ from ours by less than this."""


class CancelledByUser(Exception):
    """The user asked to stop while photos were being packed."""


class TrainingSteps:
    """The step that the carrier calls for a training; every branch saves before it returns."""

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        fal: FalGateway,
        packing: Packing,
        announcer: Announcer,
        ledger: Ledger,
        operator: Operator,
        previews: Previews | None = None,
    ) -> None:
        self._database = database
        self._rules = rules
        self._fal = fal
        self._packing = packing
        self._announcer = announcer
        self._ledger = ledger
        self._operator = operator
        self._endings = Endings(database, ledger, previews)
        self._bad_answers: Counter[str] = Counter()

    async def unfinished(self) -> Sequence[str]:
        """Give the ids of trainings under way or with an end not yet told."""
        async with self._database.transaction() as tx:
            return await tx.trainings.unfinished()

    async def step(self, training_id: str) -> float | None:
        """Take a training one step on.

        Returns:
            Seconds to wait before the next step, None when the training is done with.
        """
        async with self._database.transaction() as tx:
            training = await tx.trainings.get(training_id)
        if training is None or training.state == TrainingState.DRAFT:
            return None
        try:
            return await self._take(training)
        finally:
            self._announcer.training_changed(training_id)

    async def _take(self, training: Training) -> float | None:
        match training.state:
            case TrainingState.PREPARING | TrainingState.UPLOADING:
                return await self._prepare(training)
            case TrainingState.SUBMITTING:
                return await self._submit(training)
            case TrainingState.UNCONFIRMED:
                return await self._reconcile(training)
            case TrainingState.QUEUED | TrainingState.TRAINING:
                return await self._watch(training)
            case _:
                await self._tell(training)
                return None

    async def _prepare(self, training: Training) -> float:
        if training.cancel_requested_at is not None:
            await self._endings.cancel(training.id)
            return 0.0
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training.id)
            if row is not None:
                row.state, row.prepared_photos = TrainingState.PREPARING, 0
            photos = list(await tx.photos.in_state(training.id, PhotoState.ACCEPTED))
        self._announcer.training_changed(training.id)

        async def packed(done: int) -> None:
            await self._note_packed(training.id, done)

        try:
            async with self._packing.archive(photos, packed) as (path, count):
                if count < self._rules.min_photos:
                    await self._endings.fail(training.id, FailureReason.PHOTOS_MISSING)
                    return 0.0
                await self._move(training.id, TrainingState.UPLOADING)
                url = await self._fal.upload_archive(path)
        except CancelledByUser:
            await self._endings.cancel(training.id)
        except (FalAccount, FalRejected) as error:
            await self._fail_unsent(training.id, error)
        else:
            await self._uploaded(training.id, url)
        return 0.0

    async def _note_packed(self, training_id: str, done: int) -> None:
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            if row is None or row.cancel_requested_at is not None:
                raise CancelledByUser
            row.prepared_photos = done
        self._announcer.training_changed(training_id)

    async def _move(self, training_id: str, state: TrainingState) -> None:
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            if row is not None:
                row.state = state
        self._announcer.training_changed(training_id)

    async def _uploaded(self, training_id: str, url: str) -> None:
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            # A cancel that came during the upload still costs nothing; after this it is asked
            # of fal.
            if row is not None and row.cancel_requested_at is None:
                row.archive_url, row.state = url, TrainingState.SUBMITTING

    async def _submit(self, training: Training) -> float:
        if training.submit_started_at is not None:
            # An earlier process got this far and did not store an answer.
            await self._move(training.id, TrainingState.UNCONFIRMED)
            return 0.0
        if not await self._claim_submit(training.id):
            return 0.0
        try:
            job = await self._fal.submit_training(training.trainer, _order_of(training))
        except FalUnavailable:
            await self._release_submit(training.id)
            raise
        except FalOutcomeUnknown as error:
            logger.warning("training %s: outcome of the submit unknown: %s", training.id, error)
            await self._move(training.id, TrainingState.UNCONFIRMED)
        except FalError as error:
            await self._release_submit(training.id)
            await self._fail_unsent(training.id, error)
        else:
            await self._adopt(training.id, job)
            await self._operator.account_accepted()
        return 0.0

    async def _fail_unsent(self, training_id: str, error: FalError) -> None:
        if isinstance(error, FalAccount):
            await self._operator.account_refused(str(error))
        await self._fail(training_id, error)

    async def _claim_submit(self, training_id: str) -> bool:
        """Record the intention; False when another process has, or the row is gone."""
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            if row is None or row.submit_started_at is not None:
                return False
            row.submit_started_at = now()
            return True

    async def _release_submit(self, training_id: str) -> None:
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            if row is not None:
                row.submit_started_at = None

    async def _adopt(self, training_id: str, job: Job) -> None:
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training_id)
            if row is not None:
                row.state, row.request_id = TrainingState.QUEUED, job.request_id
                row.status_url, row.response_url = job.status_url, job.response_url
                row.cancel_url = job.cancel_url
            await self._ledger.submitted(tx, training_id, job.request_id)
        logger.info("training %s is request %s", training_id, job.request_id)
        if row is None:
            # The user had everything deleted while the request was on its way.
            await self._ask_to_cancel(training_id, job)

    async def _reconcile(self, training: Training) -> float:
        since = training.submit_started_at or training.created_at
        found = await self._fal.find_submissions(
            training.trainer, [training.trigger_word or ""], since - HISTORY_MARGIN
        )
        if found is not None and len(found) == 1:
            await self._adopt(training.id, await self._fal.job_of(training.trainer, found[0]))
            return 0.0
        waited_s = (now() - since).total_seconds()
        if found == [] and waited_s < self._rules.reconcile_for_s:
            # It is not known how soon the history lists a request, so an empty answer is waited
            # out; it never leads to a second submit.
            return self._rules.poll_interval_s
        detail = what_history_said(found)
        await self._endings.fail(training.id, FailureReason.SUBMIT_UNKNOWN, detail)
        await self._operator.outcome_unknown("training", training.id, detail)
        return 0.0

    async def _watch(self, training: Training) -> float:
        job = job_of(training)
        if (
            training.cancel_requested_at
            and not training.cancel_sent_at
            and await self._cancel_at_fal(training, job)
        ):
            return 0.0
        try:
            status = await self._fal.status(job)
        except FalResultGone as error:
            return await self._doubt(training, error)
        except FalRefusesKey as error:
            await self._operator.watching_refused(str(error))
            raise
        await self._operator.watching_accepted()
        if not isinstance(status, Ended):
            self._bad_answers.pop(training.id, None)
            if self._is_overdue(training):
                await self._give_up(training, job)
                return 0.0
            await self._note_status(training, status)
            return self._rules.poll_interval_s
        try:
            lora = await self._fal.trained_lora(job)
        except FalRejected as error:
            await self._ended_badly(training, error)
        except (FalJobFailed, FalResultGone) as error:
            if status.error is None:
                return await self._doubt(training, error)
            await self._ended_badly(training, error)
        else:
            self._bad_answers.pop(training.id, None)
            await self._endings.complete(training.id, lora)
        return 0.0

    def _is_overdue(self, training: Training) -> bool:
        since = training.submit_started_at or training.created_at
        return (now() - since).total_seconds() > self._rules.job_deadline_s

    async def _ask_to_cancel(self, training_id: str, job: Job) -> CancelOutcome | None:
        """Ask fal to stop a job; None when it does not answer well, which stops nothing else."""
        try:
            outcome = await self._fal.cancel(job)
        except FalUnavailable as error:
            logger.warning("training %s: fal does not take the cancel: %s", training_id, error)
            return None
        logger.info("training %s: fal says %s to the cancel", training_id, outcome)
        return outcome

    async def _give_up(self, training: Training, job: Job) -> None:
        outcome = await self._ask_to_cancel(training.id, job)
        detail = f"not done in time; fal says {outcome} to the cancel"
        await self._endings.fail(training.id, FailureReason.DEADLINE, detail)

    async def _cancel_at_fal(self, training: Training, job: Job) -> bool:
        outcome = await self._ask_to_cancel(training.id, job)
        if outcome is None:
            return False
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training.id)
            if row is not None:
                row.cancel_sent_at = now()
        if outcome == CancelOutcome.REMOVED:
            await self._endings.cancel(training.id, is_free=True)
            return True
        # Whatever else fal said, only the result tells whether there is a model.
        training.cancel_sent_at = now()
        return False

    async def _note_status(self, training: Training, status: JobStatus) -> None:
        async with self._database.transaction() as tx:
            row = await tx.trainings.lock(training.id)
            if row is None:
                return
            if isinstance(status, Queued):
                row.state, row.queue_position = TrainingState.QUEUED, status.position
            elif isinstance(status, Running):
                row.state = TrainingState.TRAINING
                row.training_started_at = row.training_started_at or now()
                percent = percent_of(status.log_lines, row.steps or 0)
                row.percent = max(row.percent, percent or 0)

    async def _doubt(self, training: Training, error: FalError) -> float:
        self._bad_answers[training.id] += 1
        if self._bad_answers[training.id] < BAD_ANSWERS_BELIEVED:
            return self._rules.poll_interval_s
        await self._ended_badly(training, error)
        return 0.0

    async def _ended_badly(self, training: Training, error: FalError) -> None:
        self._bad_answers.pop(training.id, None)
        if training.cancel_sent_at is not None:
            await self._endings.cancel(training.id)
        else:
            await self._fail(training.id, error)

    async def _fail(self, training_id: str, error: FalError) -> None:
        logger.warning("training %s failed: %s: %s", training_id, type(error).__name__, error)
        await self._endings.fail(training_id, training_failure(error), str(error))

    async def _tell(self, training: Training) -> None:
        if training.announced_at is None:
            await self._announcer.training_ended(training.id)
            async with self._database.transaction() as tx:
                row = await tx.trainings.lock(training.id)
                if row is not None:
                    row.announced_at = now()
        if not training.is_settled:
            await self._announcer.training_settled(training.id)
            async with self._database.transaction() as tx:
                row = await tx.trainings.lock(training.id)
                if row is not None:
                    row.is_settled = True


def _order_of(training: Training) -> TrainingOrder:
    if not (
        training.mode
        and training.archive_url
        and training.trigger_word
        and training.subject
        and training.steps
    ):
        msg = f"training {training.id} is not complete"
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
