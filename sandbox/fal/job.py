"""One request in fal's queue: the records of the emulator."""

from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.fal.endpoints import Endpoint
from sandbox.fal.failures import JsonObject, Outcome
from sandbox.fal.files import Lifecycle, StoredFile
from sandbox.fal.ids import uuid7
from sandbox.fal.loglines import LogBook


class JobStatus(StrEnum):
    """The only three statuses that fal knows."""

    IN_QUEUE = "IN_QUEUE"
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True)
class Submission:
    """What a caller sent.

    `endpoint` is None for a path that its app does not have. `origin` is the emulator's address as
    this caller wrote it. `start_timeout_s` is the caller's own limit for the start.
    A `synchronous` request came by fal.run: nobody polls it, and it never waits.
    `webhook` is where to call when it has ended; empty for nowhere.
    """

    endpoint_id: str
    app: str
    endpoint: Endpoint | None
    raw_body: bytes
    input: object
    origin: str
    lifecycle: Lifecycle
    store_io: bool = True
    no_retry: bool = False
    start_timeout_s: float | None = None
    synchronous: bool = False
    webhook: str = ""


@dataclass
class Job:
    """One accepted request; times are Unix seconds, `began` is the loop's clock.

    `webhook_answers` are the statuses that the caller's webhook has answered, 0 for no answer, and
    `forged_answers` those to calls in fal's name.
    """

    submission: Submission
    submitted_at: float
    ahead: int
    request_id: str = field(default_factory=uuid7)
    gateway_request_id: str = ""
    status: JobStatus = JobStatus.IN_QUEUE
    started_at: float | None = None
    ended_at: float | None = None
    queued_since: float = 0.0
    began: float = 0.0
    queue_polls: int = 0
    run_polls: int = 0
    cancel_requested: bool = False
    removed: bool = False
    payload_deleted: bool = False
    outcome: Outcome | None = None
    charged_usd: float = 0.0
    units: float = 0.0
    webhook_answers: list[int] = field(default_factory=list)
    forged_answers: list[int] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    logs: LogBook = field(default_factory=LogBook)

    def __post_init__(self) -> None:
        self.gateway_request_id = self.gateway_request_id or self.request_id

    @property
    def is_training(self) -> bool:
        """Whether it makes a LoRA."""
        endpoint = self.submission.endpoint
        return endpoint is not None and endpoint.is_trainer

    @property
    def inference_s(self) -> float:
        """Seconds from start to end, 0 while there is no end."""
        if self.ended_at is None or self.started_at is None:
            return 0.0
        return round(self.ended_at - self.started_at, 4)

    def record(self) -> JsonObject:
        """The line of this job in the records that tests check."""
        outcome = self.outcome
        return {
            "request_id": self.request_id,
            "gateway_request_id": self.gateway_request_id,
            "endpoint": self.submission.endpoint_id,
            "input": self.submission.input,
            "state": self.status,
            "status": self.status,
            "cancel_requested": self.cancel_requested,
            "payload_deleted": self.payload_deleted,
            "result_status": outcome.status if outcome else None,
            "error_type": outcome.error_type if outcome else None,
            "submitted_at": self.submitted_at,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
            "charged_usd": self.charged_usd,
            "webhook_answers": self.webhook_answers,
            "forged_answers": self.forged_answers,
            "files": [
                {
                    "url": f"{self.submission.origin}/cdn/{stored.path}",
                    "content_type": stored.content_type,
                    "file_size": len(stored.data or b""),
                }
                for stored in self.files
            ],
        }
