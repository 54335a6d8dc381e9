"""What a generation adds to a paid job: pictures, and their delivery."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from db.database import Transaction
from db.generations import Generations
from db.tables import Generation
from services.announcer import Announcer
from services.domain import values
from services.domain.states import GenerationState
from services.domain.values import Model, Picture
from services.domain.vocabulary import FailureReason, Purpose
from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalOutcomeUnknown,
    FalRejected,
    FalResultGone,
)
from services.fal.gateway import GenerationOrder, Job, MadeImages, SecondLora
from services.generation.edits import Edits, editor_of, marks_of, prompt_sent
from services.generation.lent import is_loan_over
from services.generation.pricing import take_price
from services.generation.worded import EnglishStep
from services.identifiers import new_id
from services.jobs.endings import Endings
from services.jobs.kind import Ending, JobContext, Kind, States
from services.jobs.lanes import Lane
from services.lending.holding import public_id
from services.prompts.wording import Wording

logger = logging.getLogger(__name__)

LONGEST_POLL_S = 1.0
"""A picture takes seconds, so it is looked for at least this often."""

MAX_PICTURES_KEPT = 20
"""Of one answer."""

GENERATION_STATES = States(
    ready=GenerationState.ACCEPTED,
    submitting=GenerationState.SUBMITTING,
    unconfirmed=GenerationState.UNCONFIRMED,
    queued=GenerationState.QUEUED,
    running=GenerationState.RUNNING,
    done=GenerationState.MADE,
    failed=GenerationState.FAILED,
)

REJECTIONS = {
    "file_download_error": FailureReason.LORA_UNREACHABLE,
    # Only edits are given a picture: its file is there no more, or is none, see `has_lost_source`.
    "image_load_error": FailureReason.LORA_UNREACHABLE,
    "content_policy_violation": FailureReason.UNSAFE_PICTURE,
    "no_media_generated": FailureReason.GENERATOR_FAILED,
}
"""What fal's documented error types mean here; any other is about the prompt."""


def generation_failure(error: FalError) -> FailureReason:
    """Say in our words why fal made no picture."""
    match error:
        case FalAccount():
            return FailureReason.SERVICE_ACCOUNT
        case FalOutcomeUnknown():
            return FailureReason.SUBMIT_UNKNOWN
        case FalResultGone():
            return FailureReason.RESULT_LOST
        case FalEndpointGone():
            return FailureReason.GENERATOR_FAILED
        case FalRejected(error_type=error_type):
            return REJECTIONS.get(error_type, FailureReason.PROMPT_REJECTED)
        case _:
            return FailureReason.GENERATOR_FAILED


class GenerationKind(Kind[Generation, MadeImages]):
    """Generations.

    Args:
        context: What all paid jobs are built on.
        announcer: Tells the user.
        wording: Puts prompts into English; None where the operator has no model for it.
        weights_address: Returns where fal fetches a model's weights; None for fal's own address.
        compare: Compares pictures, by the id of one of their generations, with the photos before
            they are sent; None where nobody looks at pictures.
        edits: Uploads and submits what is made of pictures and photos.
    """

    name = "generation"
    states = GENERATION_STATES
    is_delivered_with_result = False

    def __init__(
        self,
        context: JobContext,
        announcer: Announcer,
        wording: Wording | None = None,
        weights_address: Callable[[Model], Awaitable[str]] | None = None,
        compare: Callable[[str], Awaitable[None]] | None = None,
        edits: Edits | None = None,
    ) -> None:
        self._database = context.database
        self._rules = context.rules
        self._fal = context.fal
        self._lanes = context.lanes
        self._announcer = announcer
        self._english = EnglishStep(context.database, wording)
        self._weights_address = weights_address
        self._compare = compare
        self._edits = edits
        self.poll_s = min(context.rules.poll_interval_s, LONGEST_POLL_S)

    def rows(self, tx: Transaction) -> Generations:
        """See `Kind.rows`."""
        return tx.generations

    def lane(self, row: Generation) -> Lane:
        """See `Kind.lane`."""
        if row.state is GenerationState.WORDING:
            return self._lanes.wording
        return self._lanes.comparing if self._is_compared(row) else self._lanes.delivering

    def _is_compared(self, row: Generation) -> bool:
        is_of_model = row.purpose is Purpose.PREVIEW or row.editor is not None
        if row.is_borrowed or row.second_scale is not None:
            # A comparison with somebody else's photos would tell of these, and which of two faces
            # is whose cannot be told.
            return False
        return self._compare is not None and is_of_model and row.model_id is not None

    async def request(self, row: Generation) -> Callable[[], Awaitable[Job]]:
        """See `Kind.request`."""
        editor = editor_of(row)
        if editor is not None and self._edits is not None:
            of, _ = await self._models(row)
            lora_url = await self._weights(of) if of is not None and editor.takes_lora else ""
            return await self._edits.request(row, editor, of, lora_url)
        model, other = await self._models(row)
        prompt = prompt_sent(row, self._rules.opening, model, other)
        if model is None or prompt is None:
            msg = f"a model of generation {row.id} was deleted meanwhile"
            raise LookupError(msg)
        second = None
        if other is not None and row.second_scale is not None:
            second = SecondLora(await self._weights(other), row.second_scale)
        order = GenerationOrder(
            prompt=prompt,
            lora_url=await self._weights(model),
            lora_scale=row.lora_scale,
            shape=row.shape,
            num_images=row.picture_count,
            seed=row.seed,
            size=row.size,
            second=second,
        )
        return partial(self._fal.submit_generation, model.generator, order)

    async def marks(self, row: Generation) -> tuple[str, Sequence[str]]:
        """See `Kind.marks`."""
        return marks_of(row, self._rules.opening, *await self._models(row))

    async def result(self, job: Job) -> MadeImages:
        """See `Kind.result`."""
        return await self._fal.made_images(job)

    async def outcome(self, tx: Transaction, row: Generation) -> Mapping[str, Any]:
        """See `Kind.outcome`."""
        model = await tx.models.get(row.model_id)
        second = await tx.models.get(row.second_model_id)
        pictures = await tx.pictures.all_of(row.id)
        return {
            "id": row.id,
            "model_id": await public_id(tx, row.user_id, model),
            "second_model_id": await public_id(tx, row.user_id, second),
            "status": row.state,
            "failure": row.failure,
            "pictures": [{"id": one.id} for one in pictures if not one.is_flagged],
        }

    def failure(self, error: FalError) -> FailureReason:
        """See `Kind.failure`."""
        return generation_failure(error)

    def changed(self, row_id: str) -> None:
        """See `Kind.changed`."""
        self._announcer.generation_changed(row_id)

    async def tell_doubt(self, row_id: str) -> None:
        """See `Kind.tell_doubt`."""
        await self._announcer.generation_in_doubt(row_id)

    async def barred(self, tx: Transaction, row: Generation) -> Ending | None:
        """See `Kind.barred`: a borrowed model must still be lent; what fal has is finished."""
        if not await is_loan_over(tx, row):
            return None
        return Ending(FailureReason.LOAN_OVER, is_charged=False)

    async def _has_ended(self, row: Generation, endings: Endings[Generation, MadeImages]) -> bool:
        async with self._database.transaction() as tx:
            ending = await self.barred(tx, row)
        if ending is not None:
            await endings.end(row.id, ending, {GenerationState.WORDING})
        return ending is not None

    async def gone(self, row_id: str) -> None:
        """Let nothing seem to be under way any more."""
        await self._announcer.generation_settled(row_id)

    async def keep(self, tx: Transaction, row: Generation, result: MadeImages) -> Ending | None:
        """Keep the pictures; where all are held back there is nothing to show.

        Nobody asks for more than four, so what goes far beyond is a fault and is left out.
        """
        if all(image.is_flagged for image in result.images):
            return Ending(FailureReason.UNSAFE_PICTURE, "all flagged")
        tx.pictures.add(
            Picture(id=new_id(), generation_id=row.id, position=position, **asdict(image))
            for position, image in enumerate(result.images[:MAX_PICTURES_KEPT], start=1)
        )
        return None

    async def step(
        self, row: Generation, endings: Endings[Generation, MadeImages]
    ) -> float | None:
        """Word the prompt; in the end deliver the pictures or the reason, once.

        With the end the status message is taken away.
        """
        if row.state is GenerationState.WORDING:
            is_lent = row.is_borrowed or row.second_is_borrowed
            if is_lent and await self._has_ended(row, endings):
                return 0.0
            if self._edits is not None and not await self._edits.upload(row, endings):
                return 0.0
            models = await self._models(row)
            words = [one.trigger_word for one in models if one is not None]
            return await self._english.take(row, words, endings)
        if row.announced_at is None:
            if row.purpose is Purpose.PREVIEW and not await self._is_model_told(row):
                # The picture comes below the message that the model is ready.
                return self._rules.poll_interval_s
            if row.pack is not None and not await self._is_turn(row):
                return self.poll_s
            if await self._is_first(row):
                if self._compare is not None and self._is_compared(row):
                    await self._compare(row.id)
                await self._announcer.generation_ended(row.id)
                logger.info("generation %s: user %s is told", row.id, row.user_id)
            await self._note(row.id, is_told=True)
        await self._announcer.generation_settled(row.id)
        await self._note(row.id, is_told=False)
        return None

    async def _is_turn(self, row: Generation) -> bool:
        """Return whether a pack can be told: by its first, when all of it have ended."""
        first, *_ = pack = await self._pack_of(row)
        if first.id == row.id:
            return all(one.state.is_final for one in pack)
        return first.announced_at is not None

    async def _is_first(self, row: Generation) -> bool:
        return row.pack is None or (await self._pack_of(row))[0].id == row.id

    async def _pack_of(self, row: Generation) -> Sequence[values.Generation]:
        async with self._database.transaction() as tx:
            value = await tx.generations.read(row.id)
            return await tx.generations.pack_of(value) if value else []

    async def _note(self, generation_id: str, *, is_told: bool) -> None:
        async with self._database.transaction() as tx:
            if is_told:
                row = await tx.generations.lock(generation_id)
                if row and row.state is GenerationState.MADE and row.announced_at is None:
                    await take_price(tx, generation_id)
                await tx.generations.note_told(generation_id)
            else:
                await tx.generations.note_settled(generation_id)

    async def _is_model_told(self, row: Generation) -> bool:
        async with self._database.transaction() as tx:
            model = await tx.models.get(row.model_id)
            training = await tx.trainings.get(model.training_id) if model else None
        return training is not None and training.announced_at is not None

    async def _weights(self, model: Model) -> str:
        find = self._weights_address
        return await find(model) if find else model.lora_url

    async def _models(self, row: Generation) -> tuple[Model | None, Model | None]:
        async with self._database.transaction() as tx:
            return await tx.models.get(row.model_id), await tx.models.get(row.second_model_id)
