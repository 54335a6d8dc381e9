"""The operator's choices that use cases follow."""

from dataclasses import dataclass

from services.domain.values import Model
from services.fal.endpoints import FAST_TRAINING
from services.fal.gateway import ARCHIVE_DAYS


@dataclass(frozen=True)
class TrainingRules:
    """Limits and timing of trainings.

    `trainers` are those on offer, in the order of offering; with one there is nothing to choose.
    `poll_interval_s` is how often a job at fal is looked at; `job_deadline_s` how long it may take
    in all, the queue included, before it is given up; `reconcile_for_s` after how
    long the user is told that a submit whose answer was lost is still being looked for.
    `class_word_trainers` are those whose models are asked for with "a woman" after the trigger
    word. `preview_images` is how many first pictures a new model brings by itself. `archive_days`
    is after how many days fal deletes the prepared photos, and `erases_requests` whether what it
    keeps of requests is deleted there together with what they made here.
    `has_instant` says whether a picture can be made of a single photo.
    """

    min_photos: int = 5
    max_photos: int = 20
    recommended_photos: int = 10
    trainers: tuple[str, ...] = (FAST_TRAINING,)
    poll_interval_s: float = 5.0
    job_deadline_s: float = 3 * 3600.0
    reconcile_for_s: float = 900.0
    class_word_trainers: tuple[str, ...] = ()
    preview_images: int = 0
    archive_days: int = ARCHIVE_DAYS
    erases_requests: bool = False
    has_instant: bool = False

    def opening(self, model: Model) -> str:
        """Return what stands before the words of every prompt: the trigger word comes first."""
        class_word = f"a {model.subject}, " if model.trainer in self.class_word_trainers else ""
        return f"{model.trigger_word}, {class_word}"
