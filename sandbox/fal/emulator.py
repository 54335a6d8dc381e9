"""The emulator's state and its workers; the routes speak HTTP for it."""

import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from pydantic import ValidationError

from sandbox.fal.clock import Clock
from sandbox.fal.download import Downloader
from sandbox.fal.editing import edit
from sandbox.fal.editing_inputs import EditorInput
from sandbox.fal.endpoints import Endpoint
from sandbox.fal.engine import Controls, Engine
from sandbox.fal.enlarging import enlarge
from sandbox.fal.enlarging_inputs import EnlargerInput
from sandbox.fal.failures import JobFailure, Outcome, schema_error
from sandbox.fal.files import FileStore
from sandbox.fal.generation import generate
from sandbox.fal.generation_inputs import GeneratorInput
from sandbox.fal.ids import uuid7
from sandbox.fal.job import Job, JobStatus, Submission
from sandbox.fal.language_model import USD, Asked, RouterInput, output_of
from sandbox.fal.product import Product
from sandbox.fal.scenario import CancelMode, Scenario
from sandbox.fal.signing import Signer
from sandbox.fal.storage import Uploads
from sandbox.fal.training import train
from sandbox.fal.training_inputs import TrainerInput
from sandbox.fal.webhooks import Webhooks

DEFAULT_KEY = "sandbox-id:sandbox-secret"
DEFAULT_ADMIN_KEY = "sandbox-admin-id:sandbox-admin-secret"


class FalEmulator:
    """A strict local fal: files, queue, records, clock and scenario in one object.

    Args:
        key: The one API-scope key it knows, `id:secret`.
        admin_key: The one admin-scope key.
        clock: How long jobs take at first.
        now: Unix time; tests give their own to let files expire.
        sketches: Pictures are painted roughly and quickly, in the sizes that were asked for.
    """

    def __init__(
        self,
        key: str = DEFAULT_KEY,
        admin_key: str = DEFAULT_ADMIN_KEY,
        clock: Clock | None = None,
        now: Callable[[], float] = time.time,
        *,
        sketches: bool = False,
    ) -> None:
        self._sketches = sketches
        self.key = key
        self.admin_key = admin_key
        self.now = now
        self.controls = Controls(clock or Clock(), Scenario())
        self.signer = Signer()
        self._downloader = Downloader()
        self._empty()

    def _empty(self) -> None:
        self.files = FileStore(self.now)
        self.uploads = Uploads(self.now)
        self.jobs: dict[str, Job] = {}
        self.asked: list[Asked] = []
        self.webhooks = Webhooks(self.signer, lambda: self.scenario, self.now)
        self.engine = Engine(self.controls, self._work, self.now, self.webhooks.ended)

    @property
    def clock(self) -> Clock:
        """How long jobs take; may be set at any moment, running jobs follow."""
        return self.controls.clock

    @clock.setter
    def clock(self, clock: Clock) -> None:
        self.controls.clock = clock
        self.engine.bell.ring()

    @property
    def scenario(self) -> Scenario:
        """What goes wrong; may be set at any moment."""
        return self.controls.scenario

    @scenario.setter
    def scenario(self, scenario: Scenario) -> None:
        self.controls.scenario = scenario
        self.engine.bell.ring()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hold what needs a running loop; on leaving, jobs stop where they are."""
        await self._downloader.open()
        try:
            yield
        finally:
            await self.engine.close()
            await self.webhooks.close()
            await self._downloader.close()

    async def reset(self) -> None:
        """Everything empty again: jobs, files, scenario. The clock stays."""
        await self.engine.close()
        await self.webhooks.close()
        self.controls.scenario = Scenario()
        self._empty()

    @property
    def charged_usd(self) -> float:
        """The sum of all charges."""
        return sum(job.charged_usd for job in self.jobs.values()) + USD * len(self.asked)

    @property
    def is_locked(self) -> bool:
        """Whether new work is refused: by the scenario, or because the credit is used up."""
        return self.scenario.locked or self.charged_usd >= self.scenario.balance_usd

    def submit(self, submission: Submission) -> Job:
        """Put a request into the records and the queue."""
        ahead = 0 if submission.synchronous else self.scenario.queue_ahead
        job = Job(submission, self.now(), ahead)
        self.jobs[job.request_id] = job
        self.engine.add(job)
        return job

    def ask(self, given: RouterInput) -> Asked:
        """Answer a question to the language model, and put it into the records."""
        asked = Asked(uuid7(), given, output_of(given, self.scenario.language_model))
        self.asked.append(asked)
        return asked

    def job(self, app: str, request_id: str) -> Job | None:
        """The request of this id under this app, unless it was removed from the queue."""
        job = self.jobs.get(request_id)
        return job if job and job.submission.app == app and not job.removed else None

    def cancel(self, job: Job) -> str:
        """Cancel a job.

        Returns:
            fal's word for what happened: ALREADY_COMPLETED, OK or CANCELLATION_REQUESTED.
        """
        if job.status is JobStatus.COMPLETED:
            return "ALREADY_COMPLETED"
        waits = job.status is JobStatus.IN_QUEUE
        job.removed = waits and self.scenario.cancel_mode is CancelMode.REMOVED
        self.engine.cancel(job)
        return "OK" if job.removed else "CANCELLATION_REQUESTED"

    async def _work(self, job: Job) -> Callable[[], Outcome]:
        product = await self._product(job)
        return lambda: self._deliver(job, product)

    async def _product(self, job: Job) -> Product:
        submission = job.submission
        endpoint = submission.endpoint
        if endpoint is None:
            missing = submission.endpoint_id.removeprefix(submission.app)
            raise JobFailure(Outcome(404, {"detail": f"Path {missing} not found"}))
        given = _validated(endpoint, submission.raw_body)
        if isinstance(given, TrainerInput):
            wrong = self.scenario.wrong_person
            return await train(job, endpoint, given.plan(), self._downloader, wrong_person=wrong)
        if isinstance(given, EnlargerInput):
            return await enlarge(job, given.plan(), self._downloader)
        files, nsfw, sketch = self._downloader, self.scenario.nsfw, self._sketches
        if isinstance(given, EditorInput):
            plan = given.plan()
            return await edit(job, endpoint, plan, files, all_unsafe=nsfw, sketch=sketch)
        wanted = given.plan()
        return await generate(job, endpoint, wanted, files, all_unsafe=nsfw, sketch=sketch)

    def _deliver(self, job: Job, product: Product) -> Outcome:
        """Store what was made and charge for it: only successful output is billed."""
        endpoint = job.submission.endpoint
        job.files = [
            self.files.add(file.name, file.content_type, file.data, job.submission.lifecycle)
            for file in product.files
        ]
        job.units = product.units
        job.charged_usd = round(product.units * endpoint.unit_price, 9) if endpoint else 0.0
        urls = [f"{job.submission.origin}/cdn/{stored.path}" for stored in job.files]
        headers = {"X-Fal-Billable-Units": f"{product.units:g}"}
        return Outcome(200, product.answer(urls), headers)


def _validated(
    endpoint: Endpoint, raw_body: bytes
) -> TrainerInput | GeneratorInput | EnlargerInput | EditorInput:
    """The input as the endpoint's schema reads it, or the 422 that FastAPI would answer."""
    try:
        body = json.loads(raw_body)
    except (ValueError, RecursionError) as error:
        detail = {"type": "json_invalid", "loc": ["body", 0], "msg": "JSON decode error"}
        raise JobFailure(Outcome(422, {"detail": [detail]})) from error
    try:
        return endpoint.schema.model_validate(body)
    except ValidationError as error:
        raise schema_error(error) from error
