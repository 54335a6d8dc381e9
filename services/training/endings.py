"""Why a training fails, in our words."""

from services.domain.vocabulary import FailureReason
from services.errors import (
    FalAccount,
    FalEndpointGone,
    FalError,
    FalOutcomeUnknown,
    FalRejected,
    FalResultGone,
)

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
        case FalEndpointGone():
            return FailureReason.TRAINER_FAILED
        case FalRejected(error_type=error_type) if error_type in PHOTO_ERROR_TYPES:
            return FailureReason.PHOTOS_REJECTED
        case _:
            return FailureReason.TRAINER_FAILED
