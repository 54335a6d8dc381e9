"""The closed choices that rows hold. Their values are stored as text, so they never change."""

from collections.abc import Mapping
from enum import StrEnum


class Language(StrEnum):
    """A language the bot speaks (ISO 639-1)."""

    EN = "en"
    RU = "ru"


class Subject(StrEnum):
    """Who is in the photos; trainers that need captions and prompt presets use it."""

    WOMAN = "woman"
    MAN = "man"
    PERSON = "person"


class QualityMode(StrEnum):
    """How long a model is trained; what a mode means is in `services.training.modes`."""

    ECONOMY = "economy"
    STANDARD = "standard"


class TrainingState(StrEnum):
    """Where a training stands. `docs/states.md` draws the transitions.

    `SUBMITTING` means that a paid request may have left this machine. A row found in it after a
    restart becomes `UNCONFIRMED`: fal may or may not have taken the job, and only fal's request
    history can tell.
    """

    DRAFT = "draft"
    PREPARING = "preparing"
    UPLOADING = "uploading"
    SUBMITTING = "submitting"
    UNCONFIRMED = "unconfirmed"
    QUEUED = "queued"
    TRAINING = "training"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to the training by itself."""
        return self in FINAL_TRAINING_STATES

    @property
    def is_cancellable(self) -> bool:
        """Whether a cancel can still be honoured or at least asked of fal."""
        return self in CANCELLABLE_TRAINING_STATES


FINAL_TRAINING_STATES = frozenset(
    {TrainingState.COMPLETED, TrainingState.FAILED, TrainingState.CANCELLED}
)
CANCELLABLE_TRAINING_STATES = frozenset(
    {
        TrainingState.PREPARING,
        TrainingState.UPLOADING,
        TrainingState.QUEUED,
        TrainingState.TRAINING,
    }
)


TRAINING_TRANSITIONS: Mapping[TrainingState, frozenset[TrainingState]] = {
    TrainingState.DRAFT: frozenset({TrainingState.PREPARING}),
    TrainingState.PREPARING: frozenset(
        {TrainingState.UPLOADING, TrainingState.FAILED, TrainingState.CANCELLED}
    ),
    TrainingState.UPLOADING: frozenset(
        {
            TrainingState.PREPARING,
            TrainingState.SUBMITTING,
            TrainingState.FAILED,
            TrainingState.CANCELLED,
        }
    ),
    TrainingState.SUBMITTING: frozenset(
        {TrainingState.QUEUED, TrainingState.UNCONFIRMED, TrainingState.FAILED}
    ),
    TrainingState.UNCONFIRMED: frozenset(
        {TrainingState.SUBMITTING, TrainingState.QUEUED, TrainingState.FAILED}
    ),
    TrainingState.QUEUED: frozenset(
        {
            TrainingState.TRAINING,
            TrainingState.COMPLETED,
            TrainingState.FAILED,
            TrainingState.CANCELLED,
        }
    ),
    TrainingState.TRAINING: frozenset(
        {
            TrainingState.QUEUED,
            TrainingState.COMPLETED,
            TrainingState.FAILED,
            TrainingState.CANCELLED,
        }
    ),
    TrainingState.COMPLETED: frozenset(),
    TrainingState.FAILED: frozenset({TrainingState.UNCONFIRMED, TrainingState.QUEUED}),
    TrainingState.CANCELLED: frozenset(),
}
"""Every change of state there is; a row refuses any other."""


class GenerationState(StrEnum):
    """Where a generation stands; `SUBMITTING` and `UNCONFIRMED` as for a training."""

    ACCEPTED = "accepted"
    SUBMITTING = "submitting"
    UNCONFIRMED = "unconfirmed"
    QUEUED = "queued"
    RUNNING = "running"
    MADE = "made"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to the generation by itself, but to be told."""
        return self in FINAL_GENERATION_STATES


FINAL_GENERATION_STATES = frozenset({GenerationState.MADE, GenerationState.FAILED})

GENERATION_TRANSITIONS: Mapping[GenerationState, frozenset[GenerationState]] = {
    GenerationState.ACCEPTED: frozenset({GenerationState.SUBMITTING}),
    GenerationState.SUBMITTING: frozenset(
        {
            GenerationState.ACCEPTED,
            GenerationState.QUEUED,
            GenerationState.UNCONFIRMED,
            GenerationState.FAILED,
        }
    ),
    GenerationState.UNCONFIRMED: frozenset(
        {GenerationState.ACCEPTED, GenerationState.QUEUED, GenerationState.FAILED}
    ),
    GenerationState.QUEUED: frozenset(
        {GenerationState.RUNNING, GenerationState.MADE, GenerationState.FAILED}
    ),
    GenerationState.RUNNING: frozenset(
        {GenerationState.QUEUED, GenerationState.MADE, GenerationState.FAILED}
    ),
    GenerationState.MADE: frozenset(),
    GenerationState.FAILED: frozenset({GenerationState.UNCONFIRMED, GenerationState.QUEUED}),
}
"""As for trainings."""


class PictureShape(StrEnum):
    """Width to height of a generated picture; what it is in pixels depends on the generator."""

    SQUARE = "1:1"
    PORTRAIT = "3:4"
    TALL = "9:16"
    LANDSCAPE = "4:3"
    WIDE = "16:9"


class Purpose(StrEnum):
    """Why a generation was asked for: by the user, or as the first picture of a new model."""

    ASKED = "asked"
    PREVIEW = "preview"


class DeliveryProblem(StrEnum):
    """Why a picture that was made could not be sent."""

    GONE = "gone"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    REFUSED = "refused"


class PhotoState(StrEnum):
    """Whether a photo sent for a training may be used."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ChargeKind(StrEnum):
    """What a paid request makes."""

    TRAINING = "training"
    IMAGE = "image"


class FailureReason(StrEnum):
    """Why a training or a generation failed, in words that have a sentence in every language."""

    PHOTOS_REJECTED = "photos_rejected"
    PHOTOS_MISSING = "photos_missing"
    PROMPT_REJECTED = "prompt_rejected"
    LORA_UNREACHABLE = "lora_unreachable"
    TRAINER_FAILED = "trainer_failed"
    GENERATOR_FAILED = "generator_failed"
    SERVICE_ACCOUNT = "service_account"
    SUBMIT_UNKNOWN = "submit_unknown"
    RESULT_LOST = "result_lost"
    UNSAFE_PICTURE = "unsafe_picture"
    DEADLINE = "deadline"
