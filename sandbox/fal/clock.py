"""How long jobs take: at once, a number of seconds, or a number of status polls."""

import asyncio
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

GENERATION_SHARE = 0.1
"""A generation takes this part of a training's time in seconds mode."""


class ClockMode(StrEnum):
    """The three clocks of the emulator."""

    IMMEDIATE = "immediate"
    SECONDS = "seconds"
    POLLS = "polls"


class Clock(BaseModel):
    """The setting of the clock; `value` is seconds or polls, and unused when immediate."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: ClockMode = ClockMode.IMMEDIATE
    value: float = Field(default=30, ge=0, le=86_400, allow_inf_nan=False)

    def progress(self, *, elapsed_s: float, polls: int, share: float) -> float:
        """How much of a running job is done, 0 to 1.

        Args:
            elapsed_s: Seconds since the job began to run.
            polls: Status requests answered since then.
            share: Part of the full time that this kind of job takes in seconds mode.
        """
        if self.mode is ClockMode.IMMEDIATE or not self.value:
            return 1.0
        if self.mode is ClockMode.SECONDS:
            return min(1.0, elapsed_s / (self.value * share))
        return min(1.0, polls / self.value)


class Bell:
    """Wakes everyone who waits for any change; cheaper to reason about than a condition."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake all who wait now; whoever waits later waits for the next ring."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, timeout_s: float) -> None:
        """Return at the next ring, or after `timeout_s` seconds."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._rung.wait()
        except TimeoutError:
            return
