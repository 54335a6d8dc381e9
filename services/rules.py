"""The operator's choices that use cases follow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingRules:
    """Limits and timing of trainings.

    `poll_interval_s` is how often a job at fal is looked at; `job_deadline_s` how long it may take
    in all, the queue included, before it is given up; `reconcile_for_s` how long the request
    history is searched for a submit whose answer was lost.
    """

    min_photos: int = 5
    max_photos: int = 20
    recommended_photos: int = 10
    trainer: str = "fal-ai/flux-lora-fast-training"
    poll_interval_s: float = 5.0
    job_deadline_s: float = 3 * 3600.0
    reconcile_for_s: float = 900.0
