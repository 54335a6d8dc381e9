"""What the product asks of fal, in its own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from services.domain.vocabulary import PictureShape, PictureSize, Subject

ARCHIVE_DAYS = 7
"""Days after which photos leave fal's storage by themselves: they outlive any queue."""


@dataclass(frozen=True)
class TrainingOrder:
    """Everything a trainer may be told. A trainer takes what its schema has."""

    archive_url: str
    trigger_word: str
    subject: Subject
    steps: int
    lora_rank: int
    batch_size: int
    learning_rate: float

    @property
    def caption(self) -> str:
        """What is in each photo, for trainers that know captions only."""
        return f"a photo of {self.trigger_word} {self.subject}"


@dataclass(frozen=True)
class SecondLora:
    """The LoRA of a second person in a picture; `scale` is 0-4."""

    url: str
    scale: float = 1.0


@dataclass(frozen=True)
class GenerationOrder:
    """Everything a generator may be told.

    `prompt` is sent as it is; `lora_scale` is 0-4, 1.0 being the weights as trained. A `second`
    LoRA goes to generators that take two only.
    """

    prompt: str
    lora_url: str
    lora_scale: float = 1.0
    shape: PictureShape = PictureShape.PORTRAIT
    num_images: int = 1
    seed: int | None = None
    size: PictureSize = PictureSize.STANDARD
    second: SecondLora | None = None


@dataclass(frozen=True)
class EnlargementOrder:
    """Everything an enlarger may be told: where the picture is."""

    image_url: str


@dataclass(frozen=True)
class EditOrder:
    """Everything an edit model may be told: what to change, in which picture, and by which LoRA.

    `prompt` is sent as it is. Without `lora_url` the model knows the person from the picture.
    """

    prompt: str
    image_url: str
    shape: PictureShape
    size: PictureSize
    seed: int
    lora_url: str = ""
    lora_scale: float = 1.0


@dataclass(frozen=True)
class Job:
    """A request that fal has accepted. The URLs are fal's, kept verbatim."""

    request_id: str
    status_url: str
    response_url: str
    cancel_url: str


@dataclass(frozen=True)
class Queued:
    """The job waits; `position` counts the jobs before it, None where fal does not say."""

    position: int | None


@dataclass(frozen=True)
class Running:
    """The job runs. `log_lines` is fal's moving window of messages, oldest first.

    A status that is not known counts as this, too: the job has not ended as far as we can tell.
    """

    log_lines: Sequence[str]


@dataclass(frozen=True)
class Ended:
    """The job has ended, well or badly: only its result tells.

    `error` is set by fal for failures of its own machinery.
    """

    error: str | None = None


JobStatus = Queued | Running | Ended


class CancelOutcome(StrEnum):
    """What fal said to a cancel."""

    REQUESTED = "requested"
    REMOVED = "removed"
    TOO_LATE = "too_late"
    UNKNOWN_JOB = "unknown_job"


@dataclass(frozen=True)
class TrainedLora:
    """What a training made."""

    lora_url: str
    config_url: str | None


@dataclass(frozen=True)
class MadeImage:
    """One generated picture. Sizes in pixels, None where fal does not say."""

    url: str
    width: int | None
    height: int | None
    is_flagged: bool


@dataclass(frozen=True)
class MadeImages:
    """What a generation made; `seed` is the one that was used."""

    images: Sequence[MadeImage]
    seed: int | None


@dataclass(frozen=True)
class UnitPrice:
    """fal's price of one unit of an endpoint's output, in US dollars."""

    endpoint: str
    unit: str
    usd: Decimal


class FalGateway(Protocol):
    """The calls to fal. Each raises `FalError`s as said; none repeats a submit.

    Each call ends: it has a total time beside the time for each read, and a limit of what it
    reads. Whatever fal answers becomes a return value or one of the errors named.
    """

    async def upload_archive(self, path: Path, days: int = ARCHIVE_DAYS) -> str:
        """Upload a zip of photos.

        Args:
            path: The zip.
            days: After how many days fal deletes it.

        Returns:
            Its URL.

        Raises:
            FalUnavailable: Try again later.
            FalAccount: Key or balance.
        """
        ...

    async def submit_training(self, trainer: str, order: TrainingOrder) -> Job:
        """Start a paid training; at most one request leaves this machine.

        Raises:
            FalUnavailable: Not accepted; may be tried again.
            FalOutcomeUnknown: May have been accepted.
            FalAccount: Key or balance.
            FalRejected: fal refused the request itself.
        """
        ...

    async def submit_generation(self, generator: str, order: GenerationOrder) -> Job:
        """Start a paid generation; as `submit_training`."""
        ...

    async def submit_enlargement(self, enlarger: str, order: EnlargementOrder) -> Job:
        """Start a paid enlargement; as `submit_training`. Its result is read by `made_images`."""
        ...

    async def submit_edit(self, editor: str, order: EditOrder) -> Job:
        """Start a paid edit; as `submit_training`. Its result is read by `made_images`."""
        ...

    async def upload_photo(self, data: bytes) -> str:
        """Upload a JPEG that an edit is made of, for a day; as `upload_archive`."""
        ...

    async def status(self, job: Job) -> JobStatus:
        """Ask where a job stands.

        Raises:
            FalUnavailable: fal did not answer well; ask again later.
            FalRefusesKey: Key or balance; the job itself goes on.
            FalResultGone: fal says 404 or 410. That may be a hiccup.
        """
        ...

    async def trained_lora(self, job: Job) -> TrainedLora:
        """Fetch the result of a training; also of one that is only thought to have ended.

        Only the address of the weights is needed; all else may be missing or of any type.

        Raises:
            FalUnavailable: Ask again later; so does a job that has not ended.
            FalResultUnreadable: fal answered 200 and no address of weights was found. It is paid;
                look again, and keep `raw` for the admin if it stays so.
            FalRefusesKey: Key or balance; the result is still there.
            FalRejected: The trainer refused its input.
            FalJobFailed: It ended without a result; `FalJobCancelled` because it was cancelled.
            FalResultGone: fal says 404 or 410. That may be a hiccup.
        """
        ...

    async def made_images(self, job: Job) -> MadeImages:
        """Fetch the result of a generation; raises as `trained_lora`.

        There is at least one picture; one without any address is left out. An address may be one
        that `download` refuses.
        """
        ...

    async def cancel(self, job: Job) -> CancelOutcome:
        """Ask fal to stop a job.

        Raises:
            FalUnavailable: Ask again later.
        """
        ...

    async def download(self, url: str, max_bytes: int) -> bytes:
        """Fetch a generated file, from a public https address only.

        Raises:
            FalUnavailable: Try again later.
            FalResultGone: The file is no longer there.
            FalFileRefused: It never will be fetched: its address is none that fal's answers may
                name, or the file is larger than `max_bytes`.
        """
        ...

    async def check_account(self) -> None:
        """Ask for something free that fal refuses to a locked account.

        Raises:
            FalAccount: Key or balance.
            FalUnavailable: Ask again later.
        """
        ...

    async def unit_prices(self, endpoints: Sequence[str]) -> Sequence[UnitPrice]:
        """Return fal's own prices of endpoints; endpoints it does not price are left out.

        Raises:
            FalUnavailable: The price list cannot be read now.
        """
        ...

    async def find_submissions(
        self, endpoint: str, marks: Sequence[str], since: datetime
    ) -> Sequence[str] | None:
        """Look in fal's request history for requests whose input, as JSON, has all `marks`.

        A mark is not the beginning of a longer word or number: `"seed": 7` is not in
        `"seed": 71`.

        Returns:
            The request ids found, each once, newest first. An empty list is no proof: it is not
            known whether requests still in the queue are listed, nor how soon a new one is, and
            inputs may not be kept. None when fal refuses the question (any 4xx but 408, 425 and
            429): this key, or this question, cannot tell.

        Raises:
            FalUnavailable: Ask again later.
        """
        ...

    async def job_of(self, endpoint: str, request_id: str) -> Job:
        """Return the job of a request id found in the history."""
        ...
