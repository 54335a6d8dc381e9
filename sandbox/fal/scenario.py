"""What goes wrong at fal today: the part of the control plane that tests and the page set."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from sandbox.fal.failures import INFRASTRUCTURE_ERRORS, MODEL_ERRORS
from sandbox.fal.language_model import ModelMood


class CancelMode(StrEnum):
    """What a cancellation does (what fal's trainers do is unknown, so all are offered)."""

    HONOUR = "honour"
    """202; the job ends COMPLETED and its result answers 499."""
    IGNORE = "ignore"
    """202; the job goes on to its usual, charged end."""
    REMOVED = "removed"
    """A queued job: 200 `OK`, then 404 everywhere. A running one: as `honour`."""


class CdnLoss(StrEnum):
    """Which files the CDN has lost (404 to everyone, to fal's own workers too)."""

    PICTURES = "pictures"
    WEIGHTS = "weights"
    ARCHIVES = "archives"
    ALL = "all"

    def covers(self, file_name: str) -> bool:
        """Whether a file of this name counts as lost."""
        suffixes = {
            CdnLoss.PICTURES: (".jpg", ".jpeg", ".png", ".webp"),
            CdnLoss.WEIGHTS: (".safetensors",),
            CdnLoss.ARCHIVES: (".zip",),
            CdnLoss.ALL: ("",),
        }
        return file_name.lower().endswith(suffixes[self])


class WebhookFault(StrEnum):
    """What becomes of calls that tell of a job's end."""

    LOST = "lost"
    """None is made."""
    DOUBLED = "doubled"
    """Each is made twice."""
    LATE = "late"
    """Each is made after 20 s."""
    OUT_OF_ORDER = "out_of_order"
    """Of two, the later one comes first."""
    FORGED = "forged"
    """Before each come four that are not fal's: unsigned, by another key, tampered with, stale."""


def _known_failure(kind: str) -> str:
    if kind not in MODEL_ERRORS and kind not in INFRASTRUCTURE_ERRORS:
        known = ", ".join([*MODEL_ERRORS, *INFRASTRUCTURE_ERRORS])
        raise ValueError(f"unknown failure; known are: {known}")
    return kind


def _true_means_all(value: object) -> object:
    return {True: CdnLoss.ALL, False: None}.get(value, value) if isinstance(value, bool) else value


Failure = Annotated[str, AfterValidator(_known_failure)]


class Scenario(BaseModel):
    """Faults at fal's level; the default is a fal that works.

    Each holds until it is changed; only `drop_answer_of_submit` counts down.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fail_training: Failure | None = None
    """Every training ends with this error type, after its usual time."""
    fail_generation: Failure | None = None
    """The same for generations."""
    wrong_person: bool = False
    """New models come out as somebody else: they paint from other photos than they were given."""
    status_tells_model_errors: bool = False
    """Also show `error` in the status when the model itself failed (unknown at the real fal)."""
    nsfw: bool = False
    """Every picture is taken for an unsafe one: black, and flagged."""
    locked: bool = False
    """The balance is used up: 403 at submit, token and initiate."""
    locked_polls: bool = False
    """403 at status and result too (both were reported from the real fal)."""
    bad_key: bool = False
    """No key is known: 401 everywhere."""
    balance_usd: float = Field(default=1000, allow_inf_nan=False)
    """Credit before the charges in the records; used up means locked."""
    concurrency: int = Field(default=2, ge=1, le=40)
    """Jobs that run at once (a new account has two)."""
    queue_ahead: int = Field(default=0, ge=0)
    """Jobs of others in front of a new one; one leaves per poll, or per second in seconds mode."""
    requeue_once: bool = False
    """A running job loses its runner once: seen IN_PROGRESS, then IN_QUEUE, then it runs again."""
    stall: bool = False
    """Running jobs never end while this is on."""
    lose_result: bool = False
    """The status stays, the result is gone (404)."""
    cancel_mode: CancelMode = CancelMode.HONOUR
    drop_answer_of_submit: int = Field(default=0, ge=0)
    """So many next submits are accepted, then the connection closes without an answer."""
    submit_error: int | None = Field(default=None, ge=400, le=599)
    """Submits are refused with this status: nginx HTML from 500 on, JSON below."""
    cdn_missing: Annotated[CdnLoss | None, BeforeValidator(_true_means_all)] = None
    """Files that are gone; true means all."""
    lower_statuses: bool = False
    """Statuses come in lower case."""
    redirect_reads: bool = False
    """Status and result are answered with a 307 to the same address with `moved=1`."""
    loose_output: bool = False
    """Results carry fields of odd types beside the address of the file, which is good."""
    no_logs: bool = False
    """The model offers no logs: null even when asked."""
    private_logs: bool = False
    """The logs belong to someone else: an empty list."""
    webhooks: WebhookFault | None = None
    """What goes wrong with calls to `fal_webhook`."""
    webhook_payload_error: bool = False
    """Webhooks carry `payload_error` in place of the payload."""
    history_lists_queued: bool = False
    """The request history lists requests that still wait (unknown at the real fal)."""
    history_lag_s: float = Field(default=0, ge=0, allow_inf_nan=False)
    """A request appears in the history so many seconds after its submission."""
    history_forbidden: bool = False
    """The request history wants an admin key (unknown at the real fal)."""
    language_model: ModelMood = ModelMood.WORKS
    """How the language model answers."""
