"""Where a paid request stands, and every change of that there is. `docs/states.md` draws them."""

from collections.abc import Mapping
from enum import StrEnum


class TrainingState(StrEnum):
    """Where a training stands. `docs/states.md` draws the transitions.

    `SUBMITTING` means that a paid request may have left this machine. A row found in it after a
    restart becomes `UNCONFIRMED`: fal may or may not have taken the job, and only fal's request
    history can tell. In `ASKING` some photos cannot be fetched any more, and the user decides
    whether the others are enough.
    """

    PREPARING = "preparing"
    ASKING = "asking"
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
    def is_at_fal(self) -> bool:
        """Whether fal has the job, and a stop may not undo its price."""
        return self in {TrainingState.QUEUED, TrainingState.TRAINING}

    @property
    def is_cancellable(self) -> bool:
        """Whether a cancel can still be honoured or at least asked of fal.

        See `Training.is_cancellable` for `SUBMITTING`, where it depends.
        """
        return self in CANCELLABLE_TRAINING_STATES


FINAL_TRAINING_STATES = frozenset(
    {TrainingState.COMPLETED, TrainingState.FAILED, TrainingState.CANCELLED}
)
CANCELLABLE_TRAINING_STATES = frozenset(
    {
        TrainingState.PREPARING,
        TrainingState.ASKING,
        TrainingState.UPLOADING,
        TrainingState.QUEUED,
        TrainingState.TRAINING,
    }
)


TRAINING_TRANSITIONS: Mapping[TrainingState, frozenset[TrainingState]] = {
    TrainingState.PREPARING: frozenset(
        {
            TrainingState.ASKING,
            TrainingState.UPLOADING,
            TrainingState.FAILED,
            TrainingState.CANCELLED,
        }
    ),
    TrainingState.ASKING: frozenset({TrainingState.PREPARING, TrainingState.CANCELLED}),
    TrainingState.UPLOADING: frozenset(
        {
            TrainingState.PREPARING,
            TrainingState.SUBMITTING,
            TrainingState.FAILED,
            TrainingState.CANCELLED,
        }
    ),
    TrainingState.SUBMITTING: frozenset(
        {
            TrainingState.QUEUED,
            TrainingState.UNCONFIRMED,
            TrainingState.FAILED,
            TrainingState.CANCELLED,
        }
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
    """Where a generation stands; `SUBMITTING` and `UNCONFIRMED` as for a training.

    In `WORDING` its prompt is put into English; one that is English for sure begins `ACCEPTED`.
    """

    WORDING = "wording"
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
    GenerationState.WORDING: frozenset({GenerationState.ACCEPTED, GenerationState.FAILED}),
    GenerationState.ACCEPTED: frozenset(
        {GenerationState.SUBMITTING, GenerationState.WORDING, GenerationState.FAILED}
    ),
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


class EnlargementState(StrEnum):
    """Where an enlargement stands, as a generation does; nothing comes before `ACCEPTED`."""

    ACCEPTED = "accepted"
    SUBMITTING = "submitting"
    UNCONFIRMED = "unconfirmed"
    QUEUED = "queued"
    RUNNING = "running"
    MADE = "made"
    FAILED = "failed"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to the enlargement by itself, but to be told."""
        return self in FINAL_ENLARGEMENT_STATES


FINAL_ENLARGEMENT_STATES = frozenset({EnlargementState.MADE, EnlargementState.FAILED})

ENLARGEMENT_TRANSITIONS: Mapping[EnlargementState, frozenset[EnlargementState]] = {
    EnlargementState.ACCEPTED: frozenset({EnlargementState.SUBMITTING}),
    EnlargementState.SUBMITTING: frozenset(
        {
            EnlargementState.ACCEPTED,
            EnlargementState.QUEUED,
            EnlargementState.UNCONFIRMED,
            EnlargementState.FAILED,
        }
    ),
    EnlargementState.UNCONFIRMED: frozenset(
        {EnlargementState.ACCEPTED, EnlargementState.QUEUED, EnlargementState.FAILED}
    ),
    EnlargementState.QUEUED: frozenset(
        {EnlargementState.RUNNING, EnlargementState.MADE, EnlargementState.FAILED}
    ),
    EnlargementState.RUNNING: frozenset(
        {EnlargementState.QUEUED, EnlargementState.MADE, EnlargementState.FAILED}
    ),
    EnlargementState.MADE: frozenset(),
    EnlargementState.FAILED: frozenset({EnlargementState.UNCONFIRMED, EnlargementState.QUEUED}),
}
"""As for trainings."""
