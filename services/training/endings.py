"""How a training ends, and why."""

from db.database import Database
from db.tables import Model, Training
from services.domain.clock import now
from services.domain.states import TrainingState
from services.domain.vocabulary import FailureReason
from services.errors import (
    FalAccount,
    FalError,
    FalOutcomeUnknown,
    FalRejected,
    FalResultGone,
)
from services.fal.endpoints import TRAINERS
from services.fal.gateway import TrainedLora
from services.generation.preview import Previews
from services.identifiers import new_id
from services.money.limits import Ledger

PHOTO_ERROR_TYPES = frozenset(
    {
        "invalid_archive",
        "archive_file_count_below_minimum",
        "archive_file_count_exceeds_maximum",
        "image_load_error",
        "image_too_small",
        "image_too_large",
        "unsupported_image_format",
        "face_detection_error",
        "content_policy_violation",
        "value_error",
        "file_too_large",
    }
)
"""fal's error types that speak of the photos (its documented list; `value_error` is what its demo
trainers raise when no usable picture is found). Which trainer raises which is not known."""


def training_failure(error: FalError) -> FailureReason:
    """Say in our words why fal did not train a model."""
    match error:
        case FalAccount():
            return FailureReason.SERVICE_ACCOUNT
        case FalOutcomeUnknown():
            return FailureReason.SUBMIT_UNKNOWN
        case FalResultGone():
            return FailureReason.RESULT_LOST
        case FalRejected(error_type=error_type) if error_type in PHOTO_ERROR_TYPES:
            return FailureReason.PHOTOS_REJECTED
        case _:
            return FailureReason.TRAINER_FAILED


class Endings:
    """Writes the end of a training, once. What fal never got is not charged.

    Args:
        database: Where trainings are kept.
        ledger: Takes charges back.
        previews: Orders the first pictures of new models; None for no pictures.
    """

    def __init__(
        self, database: Database, ledger: Ledger, previews: Previews | None = None
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._previews = previews

    async def complete(self, training_id: str, lora: TrainedLora) -> None:
        """Keep the LoRA, make it the user's active model and order its first pictures."""
        preview_id: str | None = None
        async with self._database.transaction() as tx:
            training = await tx.trainings.lock(training_id)
            if training is None or training.state.is_final:
                return
            training.state = TrainingState.COMPLETED
            training.lora_url, training.config_url = lora.lora_url, lora.config_url
            training.percent, training.finished_at = 100, now()
            model = _model_of(training, lora)
            tx.models.add(model)
            await tx.flush()
            await tx.models.activate(model)
            if self._previews is not None:
                preview_id = await self._previews.order(tx, training, model)
        if self._previews is not None and preview_id is not None:
            self._previews.carry(preview_id)

    async def fail(self, training_id: str, reason: FailureReason, detail: str = "") -> None:
        """Say that there will be no model. `detail` is fal's words, for the operator.

        What fal itself broke it does not bill, and it does not use up the user's day either.
        """
        is_free = reason is FailureReason.TRAINER_FAILED
        await self._end(training_id, TrainingState.FAILED, reason, detail, is_free=is_free)

    async def cancel(self, training_id: str, *, is_free: bool = False) -> None:
        """Say that the user stopped it; `is_free` when fal says that it never ran."""
        await self._end(training_id, TrainingState.CANCELLED, is_free=is_free)

    async def _end(
        self,
        training_id: str,
        state: TrainingState,
        reason: FailureReason | None = None,
        detail: str = "",
        *,
        is_free: bool = False,
    ) -> None:
        async with self._database.transaction() as tx:
            training = await tx.trainings.lock(training_id)
            if training is None or training.state.is_final:
                return
            if is_free or training.submit_started_at is None:
                await self._ledger.release(tx, training_id)
            training.state, training.finished_at = state, now()
            training.failure, training.failure_detail = reason, detail or None


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
