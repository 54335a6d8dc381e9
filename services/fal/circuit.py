"""A circuit around the fal gateway: in an outage only a try now and then goes out."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import httpx

from services.errors import FalError, FalUnavailable
from services.fal.gateway import (
    ARCHIVE_DAYS,
    CancelOutcome,
    EditOrder,
    EnlargementOrder,
    FalGateway,
    GenerationOrder,
    Job,
    JobStatus,
    MadeImages,
    TrainedLora,
    TrainingOrder,
    UnitPrice,
)
from services.fal.transport import HOST_PREFIXES
from services.health import Health

T = TypeVar("T")


class FalCircuit:
    """A `FalGateway` that passes calls on to another one while fal answers.

    Each part of fal (the queue, the storage, the platform API, the CDN) has a circuit of its own:
    a platform API that is down stops no picture. Only what `FalError.is_outage` says counts; a
    refusal is an answer. Downloads from other hosts than fal's pass by.

    Args:
        inner: Makes the calls.
        queue: Whether the queue answers, which is what people are told of.
        new_health: Makes one for each of the other parts, given its name.
    """

    def __init__(
        self,
        inner: FalGateway,
        queue: Health,
        new_health: Callable[[str], Health] = Health,
    ) -> None:
        self._inner = inner
        self._queue = queue
        self._storage = new_health("fal's storage")
        self._platform = new_health("fal's platform API")
        self._cdn = new_health("fal's CDN")
        self.job_of = inner.job_of

    async def _pass(self, health: Health, call: Callable[[], Awaitable[T]]) -> T:
        if not health.is_worth_trying:
            raise FalUnavailable("fal is in an outage", is_outage=True)
        try:
            result = await call()
        except FalError as error:
            if error.is_outage:
                health.failed(str(error))
            else:
                health.answered()
            raise
        health.answered()
        return result

    async def upload_archive(self, path: Path, days: int = ARCHIVE_DAYS) -> str:
        """See `FalGateway.upload_archive`."""
        return await self._pass(self._storage, lambda: self._inner.upload_archive(path, days))

    async def submit_training(self, trainer: str, order: TrainingOrder) -> Job:
        """See `FalGateway.submit_training`."""
        return await self._pass(self._queue, lambda: self._inner.submit_training(trainer, order))

    async def submit_generation(self, generator: str, order: GenerationOrder) -> Job:
        """See `FalGateway.submit_generation`."""
        return await self._pass(
            self._queue, lambda: self._inner.submit_generation(generator, order)
        )

    async def submit_enlargement(self, enlarger: str, order: EnlargementOrder) -> Job:
        """See `FalGateway.submit_enlargement`."""
        return await self._pass(
            self._queue, lambda: self._inner.submit_enlargement(enlarger, order)
        )

    async def submit_edit(self, editor: str, order: EditOrder) -> Job:
        """See `FalGateway.submit_edit`."""
        return await self._pass(self._queue, lambda: self._inner.submit_edit(editor, order))

    async def upload_photo(self, data: bytes) -> str:
        """See `FalGateway.upload_photo`."""
        return await self._pass(self._storage, lambda: self._inner.upload_photo(data))

    async def status(self, job: Job) -> JobStatus:
        """See `FalGateway.status`."""
        return await self._pass(self._queue, lambda: self._inner.status(job))

    async def trained_lora(self, job: Job) -> TrainedLora:
        """See `FalGateway.trained_lora`."""
        return await self._pass(self._queue, lambda: self._inner.trained_lora(job))

    async def made_images(self, job: Job) -> MadeImages:
        """See `FalGateway.made_images`."""
        return await self._pass(self._queue, lambda: self._inner.made_images(job))

    async def cancel(self, job: Job) -> CancelOutcome:
        """See `FalGateway.cancel`."""
        return await self._pass(self._queue, lambda: self._inner.cancel(job))

    async def download(self, url: str, max_bytes: int) -> bytes:
        """See `FalGateway.download`."""
        if not _is_on_cdn(url):
            return await self._inner.download(url, max_bytes)
        return await self._pass(self._cdn, lambda: self._inner.download(url, max_bytes))

    async def check_account(self) -> None:
        """See `FalGateway.check_account`."""
        await self._pass(self._storage, self._inner.check_account)

    async def unit_prices(self, endpoints: Sequence[str]) -> Sequence[UnitPrice]:
        """See `FalGateway.unit_prices`."""
        return await self._pass(self._platform, lambda: self._inner.unit_prices(endpoints))

    async def find_submissions(
        self, endpoint: str, marks: Sequence[str], since: datetime
    ) -> Sequence[str] | None:
        """See `FalGateway.find_submissions`."""
        return await self._pass(
            self._platform, lambda: self._inner.find_submissions(endpoint, marks, since)
        )


def _is_on_cdn(url: str) -> bool:
    try:
        return HOST_PREFIXES.get(httpx.URL(url).host) == "cdn"
    except (httpx.InvalidURL, UnicodeError):
        return False
