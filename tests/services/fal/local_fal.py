"""The fal half of a running sandbox, as tests set it and read its records."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.fal import Clock, ClockMode
from sandbox.fal.job import Job
from sandbox.fal.scenario import Scenario
from sandbox.server import RunningSandbox


@dataclass(frozen=True)
class LocalFal:
    """Control of the emulator; the product still meets it over HTTP only."""

    sandbox: RunningSandbox

    def takes(self, polls: int) -> None:
        """Let each job from now on take so many status requests."""
        self.sandbox.state.fal.clock = Clock(mode=ClockMode.POLLS, value=polls)

    def goes_wrong(self, **faults: object) -> None:
        """Set the scenario; what is not named works."""
        self.sandbox.state.fal.scenario = Scenario.model_validate(faults)

    def fault(self, match: str, **fault: object) -> None:
        """Break the HTTP itself."""
        self.sandbox.state.wire.faults.add({"service": "fal", "match": match, **fault})

    @property
    def jobs(self) -> list[Job]:
        return list(self.sandbox.state.fal.jobs.values())

    def inputs(self, endpoint: str) -> list[dict[str, Any]]:
        """What was submitted to an endpoint, as fal understood it."""
        found = []
        for job in self.jobs:
            if job.submission.endpoint_id == endpoint:
                assert isinstance(job.submission.input, dict)
                found.append(job.submission.input)
        return found

    async def until(self, happened: Callable[[], bool], within_s: float = 60) -> None:
        async with asyncio.timeout(within_s):
            while not happened():
                await self.sandbox.state.fal.engine.bell.wait(0.02)
