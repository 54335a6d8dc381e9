"""A fal that answers by a script, for what the emulator cannot be made to do on cue."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from services.fal.gateway import (
    CancelOutcome,
    EditOrder,
    Ended,
    EnlargementOrder,
    GenerationOrder,
    Job,
    JobStatus,
    MadeImage,
    MadeImages,
    TrainedLora,
    TrainingOrder,
    UnitPrice,
)

JOB = Job("r1", "https://status", "https://response", "https://cancel")
LORA = TrainedLora("https://v3.fal.media/lora.safetensors", None)
IMAGES = MadeImages((MadeImage("https://v3.fal.media/1.jpg", 768, 1024, is_flagged=False),), 7)


class ScriptedFal:
    """Gives each call the next answer of its script; the last one holds for good.

    An answer that is an exception is raised. `calls` counts what was asked, `jobs` keeps the jobs
    it was asked of, and `searched` the endpoint and the marks of each search.
    """

    def __init__(self, **script: Any) -> None:  # noqa: ANN401  # answers of any type
        self.script: dict[str, list[Any]] = {
            "upload": ["https://v3.fal.media/photos.zip"],
            "submit": [JOB],
            "status": [Ended()],
            "lora": [LORA],
            "images": [IMAGES],
            "cancel": [CancelOutcome.REQUESTED],
            "history": [[]],
        }
        for name, answers in script.items():
            self.script[name] = list(answers) if isinstance(answers, tuple) else [answers]
        self.calls: Counter[str] = Counter()
        self.taken: Counter[str] = Counter()
        self.gates: dict[str, asyncio.Event] = {}
        self.asked_since: list[datetime] = []
        self.jobs: list[Job] = []
        self.searched: list[tuple[str, list[str]]] = []

    async def _answer(self, name: str) -> Any:  # noqa: ANN401
        self.calls[name] += 1
        answers = self.script[name]
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if name in self.gates:
            await self.gates[name].wait()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def _taken(self) -> Job:
        job: Job = await self._answer("submit")
        before = self.taken[job.request_id]
        self.taken[job.request_id] += 1
        # fal gives no id twice.
        return replace(job, request_id=f"{job.request_id}-{before}") if before else job

    async def upload_archive(self, path: Path, days: int = 7) -> str:  # noqa: ARG002
        return str(await self._answer("upload"))

    async def submit_training(self, trainer: str, order: TrainingOrder) -> Job:  # noqa: ARG002
        return await self._taken()

    async def submit_generation(self, generator: str, order: GenerationOrder) -> Job:  # noqa: ARG002
        return await self._taken()

    async def submit_edit(self, editor: str, order: EditOrder) -> Job:  # noqa: ARG002
        return await self._taken()

    async def upload_photo(self, data: bytes) -> str:  # noqa: ARG002
        return str(await self._answer("upload"))

    async def submit_enlargement(self, enlarger: str, order: EnlargementOrder) -> Job:  # noqa: ARG002
        return await self._taken()

    async def status(self, job: Job) -> JobStatus:
        self.jobs.append(job)
        status: JobStatus = await self._answer("status")
        return status

    async def trained_lora(self, job: Job) -> TrainedLora:
        self.jobs.append(job)
        lora: TrainedLora = await self._answer("lora")
        return lora

    async def made_images(self, job: Job) -> MadeImages:
        self.jobs.append(job)
        images: MadeImages = await self._answer("images")
        return images

    async def cancel(self, job: Job) -> CancelOutcome:
        self.jobs.append(job)
        outcome: CancelOutcome = await self._answer("cancel")
        return outcome

    async def find_submissions(
        self,
        endpoint: str,
        marks: Sequence[str],
        since: datetime,
    ) -> Sequence[str] | None:
        self.asked_since.append(since)
        self.searched.append((endpoint, list(marks)))
        found: Sequence[str] | None = await self._answer("history")
        return found

    async def job_of(self, endpoint: str, request_id: str) -> Job:
        assert endpoint == self.searched[-1][0]
        return Job(request_id, "https://status", "https://response", "https://cancel")

    async def download(self, url: str, max_bytes: int) -> bytes:
        raise NotImplementedError

    async def check_account(self) -> None:
        raise NotImplementedError

    async def unit_prices(self, endpoints: Sequence[str]) -> Sequence[UnitPrice]:
        raise NotImplementedError
