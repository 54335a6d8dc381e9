"""A circuit around the fal gateway: in an outage only a try now and then goes out."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from services.errors import FalError, FalOutcomeUnknown, FalRefusesKey, FalUnavailable
from services.fal.gateway import (
    CancelOutcome,
    FalGateway,
    GenerationOrder,
    Job,
    JobStatus,
    MadeImages,
    TrainedLora,
    TrainingOrder,
    UnitPrice,
)
from services.health import Health

T = TypeVar("T")


class FalCircuit:
    """A `FalGateway` that passes calls on to another one while fal answers.

    Downloads pass by: they may go to any host.
    """

    def __init__(self, inner: FalGateway, health: Health) -> None:
        self._inner = inner
        self._health = health
        self.download = inner.download
        self.job_of = inner.job_of

    async def _pass(self, call: Callable[[], Awaitable[T]]) -> T:
        if not self._health.is_worth_trying:
            raise FalUnavailable("fal is in an outage")
        try:
            result = await call()
        except FalRefusesKey:
            self._health.answered()
            raise
        except (FalUnavailable, FalOutcomeUnknown) as error:
            self._health.failed(str(error))
            raise
        except FalError:
            self._health.answered()
            raise
        self._health.answered()
        return result

    async def upload_archive(self, path: Path) -> str:
        """See `FalGateway.upload_archive`."""
        return await self._pass(lambda: self._inner.upload_archive(path))

    async def submit_training(self, trainer: str, order: TrainingOrder) -> Job:
        """See `FalGateway.submit_training`."""
        return await self._pass(lambda: self._inner.submit_training(trainer, order))

    async def submit_generation(self, generator: str, order: GenerationOrder) -> Job:
        """See `FalGateway.submit_generation`."""
        return await self._pass(lambda: self._inner.submit_generation(generator, order))

    async def status(self, job: Job) -> JobStatus:
        """See `FalGateway.status`."""
        return await self._pass(lambda: self._inner.status(job))

    async def trained_lora(self, job: Job) -> TrainedLora:
        """See `FalGateway.trained_lora`."""
        return await self._pass(lambda: self._inner.trained_lora(job))

    async def made_images(self, job: Job) -> MadeImages:
        """See `FalGateway.made_images`."""
        return await self._pass(lambda: self._inner.made_images(job))

    async def cancel(self, job: Job) -> CancelOutcome:
        """See `FalGateway.cancel`."""
        return await self._pass(lambda: self._inner.cancel(job))

    async def check_account(self) -> None:
        """See `FalGateway.check_account`."""
        await self._pass(self._inner.check_account)

    async def unit_prices(self, endpoints: Sequence[str]) -> Sequence[UnitPrice]:
        """See `FalGateway.unit_prices`."""
        return await self._pass(lambda: self._inner.unit_prices(endpoints))

    async def find_submissions(
        self, endpoint: str, marks: Sequence[str], since: datetime
    ) -> Sequence[str] | None:
        """See `FalGateway.find_submissions`."""
        return await self._pass(lambda: self._inner.find_submissions(endpoint, marks, since))
