"""The operator's choices that use cases follow."""

from dataclasses import dataclass

from services.fal.endpoints import FAST_TRAINING
from services.fal.gateway import ARCHIVE_DAYS

PUSHED_POLL_S = 60.0
"""How often a job is looked at although fal tells when it has ended: a push may get lost."""


@dataclass(frozen=True)
class TrainingRules:
    """Limits and timing of trainings.

    `trainers` are those on offer, in the order of offering; with one there is nothing to choose.
    `poll_interval_s` is how often a job at fal is looked at; `job_deadline_s` how long it may take
    in all, the queue included, before it is given up; `reconcile_for_s` after how
    long the user is told that a submit whose answer was lost is still being looked for.
    `preview_images` is how many first pictures a new model brings by itself. `is_pushed` says that
    fal tells by itself when a job has ended; looking at it is a safety net then. `archive_days` is
    after how many days fal deletes the prepared photos.
    """

    min_photos: int = 5
    max_photos: int = 20
    recommended_photos: int = 10
    trainers: tuple[str, ...] = (FAST_TRAINING,)
    poll_interval_s: float = 5.0
    job_deadline_s: float = 3 * 3600.0
    reconcile_for_s: float = 900.0
    preview_images: int = 0
    is_pushed: bool = False
    archive_days: int = ARCHIVE_DAYS

    @property
    def pace_s(self) -> float:
        """How often a job at fal is looked at, in seconds."""
        return max(self.poll_interval_s, PUSHED_POLL_S) if self.is_pushed else self.poll_interval_s
