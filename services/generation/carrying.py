"""The steps of a generation: submit, watch, fetch, deliver."""

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

from db.database import Database
from db.tables import Generation, Model, Picture
from services.announcer import Announcer
from services.domain.clock import now
from services.domain.states import GenerationState
from services.domain.vocabulary import FailureReason, Purpose
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
    Ended,
    FalGateway,
    GenerationOrder,
    Job,
    MadeImages,
    Queued,
)
from services.identifiers import new_id
from services.jobs.at_fal import job_of, what_history_said
from services.money.limits import Ledger
from services.operator import Operator
from services.rules import TrainingRules

logger = logging.getLogger(__name__)

LONGEST_POLL_S = 1.0
"""A picture takes seconds, so it is looked for at least this often."""

BAD_ANSWERS_BELIEVED = 3
"""As for a training: one odd answer is not believed."""

HISTORY_MARGIN = timedelta(minutes=10)

REJECTIONS = {
    "file_download_error": FailureReason.LORA_UNREACHABLE,
    "content_policy_violation": FailureReason.UNSAFE_PICTURE,
    "no_media_generated": FailureReason.GENERATOR_FAILED,
}
"""What fal's documented error types mean here; any other is about the prompt."""


def prompt_of(model: Model, prompt: str) -> str:
    """Give the prompt as fal gets it: the trigger word first, then the user's words."""
    return f"{model.trigger_word}, {prompt}"


def generation_failure(error: FalError) -> FailureReason:
    """Say in our words why fal made no picture."""
    match error:
        case FalAccount():
            return FailureReason.SERVICE_ACCOUNT
        case FalOutcomeUnknown():
            return FailureReason.SUBMIT_UNKNOWN
        case FalResultGone():
            return FailureReason.RESULT_LOST
        case FalRejected(error_type=error_type):
            return REJECTIONS.get(error_type, FailureReason.PROMPT_REJECTED)
        case _:
            return FailureReason.GENERATOR_FAILED


class GenerationSteps:
    """The step that the carrier calls for a generation; every branch saves before it returns."""

    def __init__(
        self,
        database: Database,
        rules: TrainingRules,
        fal: FalGateway,
        announcer: Announcer,
        ledger: Ledger,
        operator: Operator,
    ) -> None:
        self._database = database
        self._rules = rules
        self._poll_s = min(rules.poll_interval_s, LONGEST_POLL_S)
        self._fal = fal
        self._announcer = announcer
        self._ledger = ledger
        self._operator = operator
        self._bad_answers: Counter[str] = Counter()

    async def unfinished(self) -> Sequence[str]:
        """Give the ids of generations whose end has not been told."""
        async with self._database.transaction() as tx:
            return await tx.generations.unfinished()

    async def step(self, generation_id: str) -> float | None:
        """Take a generation one step on.

        Returns:
            Seconds to wait before the next step, None when the generation is done with.
        """
        async with self._database.transaction() as tx:
            generation = await tx.generations.get(generation_id)
            model = await tx.models.get(generation.model_id) if generation else None
        if generation is None or model is None:
            # Deleted meanwhile; nothing may seem to be under way any more.
            await self._announcer.generation_settled(generation_id)
            return None
        if generation.announced_at is not None:
            await self._announcer.generation_settled(generation_id)
            await self._save(generation_id, status_message_id=None)
            return None
        self._announcer.generation_changed(generation_id)
        match generation.state:
            case GenerationState.ACCEPTED | GenerationState.SUBMITTING:
                return await self._submit(generation, model)
            case GenerationState.UNCONFIRMED:
                return await self._reconcile(generation, model)
            case GenerationState.QUEUED | GenerationState.RUNNING:
                return await self._watch(generation)
            case _:
                return await self._deliver(generation, model)

    async def _submit(self, generation: Generation, model: Model) -> float:
        if generation.submit_started_at is not None:
            await self._save(generation.id, state=GenerationState.UNCONFIRMED)
            return 0.0
        if not await self._claim_submit(generation.id):
            return 0.0
        order = GenerationOrder(
            prompt=prompt_of(model, generation.prompt),
            lora_url=model.lora_url,
            lora_scale=generation.lora_scale,
            shape=generation.shape,
            num_images=generation.picture_count,
            seed=generation.seed,
        )
        try:
            job = await self._fal.submit_generation(model.generator, order)
        except FalUnavailable:
            await self._save(generation.id, submit_started_at=None)
            raise
        except FalOutcomeUnknown as error:
            logger.warning(
                "generation %s: outcome of the submit unknown: %s", generation.id, error
            )
            await self._save(generation.id, state=GenerationState.UNCONFIRMED)
        except FalError as error:
            await self._fail_unsent(generation.id, error)
        else:
            await self._adopt(generation.id, job)
            await self._operator.account_accepted()
        return 0.0

    async def _fail_unsent(self, generation_id: str, error: FalError) -> None:
        """Fail a generation that fal refused to take; it costs nothing."""
        async with self._database.transaction() as tx:
            await self._ledger.release(tx, generation_id)
        if isinstance(error, FalAccount):
            await self._operator.account_refused(str(error))
        await self._fail(generation_id, error)

    async def _claim_submit(self, generation_id: str) -> bool:
        """Record the intention; False when another process has, or the row is gone."""
        async with self._database.transaction() as tx:
            row = await tx.generations.lock(generation_id)
            if row is None or row.submit_started_at is not None:
                return False
            row.state, row.submit_started_at = GenerationState.SUBMITTING, now()
            return True

    async def _adopt(self, generation_id: str, job: Job) -> None:
        async with self._database.transaction() as tx:
            row = await tx.generations.lock(generation_id)
            if row is not None:
                row.state, row.request_id = GenerationState.QUEUED, job.request_id
                row.status_url, row.response_url = job.status_url, job.response_url
                row.cancel_url = job.cancel_url
            await self._ledger.submitted(tx, generation_id, job.request_id)
        logger.info("generation %s is request %s", generation_id, job.request_id)
        if row is None:
            # The user had everything deleted while the request was on its way.
            await self._ask_to_cancel(generation_id, job)

    async def _reconcile(self, generation: Generation, model: Model) -> float:
        since = generation.submit_started_at or generation.created_at
        # A user may have chosen the seed, so other requests can have it too.
        marks = [model.trigger_word, f'"seed": {generation.seed}']
        found = await self._unclaimed(
            await self._fal.find_submissions(model.generator, marks, since - HISTORY_MARGIN)
        )
        if found is not None and len(found) == 1:
            await self._adopt(generation.id, await self._fal.job_of(model.generator, found[0]))
            return 0.0
        waited_s = (now() - since).total_seconds()
        if found == [] and waited_s < self._rules.reconcile_for_s:
            return self._rules.poll_interval_s
        detail = what_history_said(found)
        await self._save_failure(generation.id, FailureReason.SUBMIT_UNKNOWN, detail)
        await self._operator.outcome_unknown("generation", generation.id, detail)
        return 0.0

    async def _unclaimed(self, request_ids: Sequence[str] | None) -> Sequence[str] | None:
        """Leave out the requests that other generations are known to be."""
        if not request_ids:
            return request_ids
        async with self._database.transaction() as tx:
            claimed = await tx.generations.known_requests(request_ids)
        return [request_id for request_id in request_ids if request_id not in claimed]

    async def _watch(self, generation: Generation) -> float:
        job = job_of(generation)
        try:
            status = await self._fal.status(job)
            await self._operator.watching_accepted()
            if not isinstance(status, Ended):
                self._bad_answers.pop(generation.id, None)
                if self._is_overdue(generation):
                    await self._ask_to_cancel(generation.id, job)
                    await self._save_failure(
                        generation.id, FailureReason.DEADLINE, "not done in time"
                    )
                    return 0.0
                await self._note_queue(generation, status)
                return self._poll_s
            made = await self._fal.made_images(job)
        except FalRefusesKey as error:
            await self._operator.watching_refused(str(error))
            raise
        except FalRejected as error:
            await self._fail(generation.id, error)
        except (FalJobFailed, FalResultGone) as error:
            self._bad_answers[generation.id] += 1
            if self._bad_answers[generation.id] < BAD_ANSWERS_BELIEVED:
                return self._poll_s
            await self._fail(generation.id, error)
        else:
            await self._made(generation.id, made)
        return 0.0

    async def _ask_to_cancel(self, generation_id: str, job: Job) -> None:
        try:
            await self._fal.cancel(job)
        except FalUnavailable as error:
            logger.warning("generation %s: fal does not take the cancel: %s", generation_id, error)

    def _is_overdue(self, generation: Generation) -> bool:
        since = generation.submit_started_at or generation.created_at
        return (now() - since).total_seconds() > self._rules.job_deadline_s

    async def _note_queue(self, generation: Generation, status: object) -> None:
        position = status.position if isinstance(status, Queued) else None
        state = GenerationState.RUNNING if position is None else GenerationState.QUEUED
        if (generation.state, generation.queue_position) != (state, position):
            await self._save(generation.id, state=state, queue_position=position)
            self._announcer.generation_changed(generation.id)

    async def _made(self, generation_id: str, made: MadeImages) -> None:
        self._bad_answers.pop(generation_id, None)
        if not made.images:
            await self._save_failure(generation_id, FailureReason.GENERATOR_FAILED, "no picture")
        elif all(image.is_flagged for image in made.images):
            await self._save_failure(generation_id, FailureReason.UNSAFE_PICTURE, "all flagged")
        else:
            await self._keep_pictures(generation_id, made)

    async def _keep_pictures(self, generation_id: str, made: MadeImages) -> None:
        async with self._database.transaction() as tx:
            row = await tx.generations.lock(generation_id)
            if row is None or row.state == GenerationState.MADE:
                return
            row.state = GenerationState.MADE
            tx.pictures.add(
                Picture(id=new_id(), generation_id=row.id, position=position, **asdict(image))
                for position, image in enumerate(made.images, start=1)
            )

    async def _deliver(self, generation: Generation, model: Model) -> float:
        if generation.purpose is Purpose.PREVIEW and not await self._is_told(model.training_id):
            # The picture comes below the message that the model is ready.
            return self._rules.poll_interval_s
        await self._announcer.generation_ended(generation.id)
        await self._save(generation.id, announced_at=now())
        return 0.0

    async def _is_told(self, training_id: str) -> bool:
        async with self._database.transaction() as tx:
            training = await tx.trainings.get(training_id)
        return training is not None and training.announced_at is not None

    async def _fail(self, generation_id: str, error: FalError) -> None:
        logger.warning("generation %s failed: %s: %s", generation_id, type(error).__name__, error)
        self._bad_answers.pop(generation_id, None)
        await self._save_failure(generation_id, generation_failure(error), str(error))

    async def _save_failure(self, generation_id: str, reason: FailureReason, detail: str) -> None:
        if reason is FailureReason.GENERATOR_FAILED:
            # What fal itself broke it does not bill.
            async with self._database.transaction() as tx:
                await self._ledger.release(tx, generation_id)
        await self._save(
            generation_id,
            state=GenerationState.FAILED,
            failure=reason,
            failure_detail=detail,
        )

    async def _save(self, generation_id: str, **changes: object) -> None:
        async with self._database.transaction() as tx:
            row = await tx.generations.lock(generation_id)
            if row is not None:
                for column, value in changes.items():
                    setattr(row, column, value)
