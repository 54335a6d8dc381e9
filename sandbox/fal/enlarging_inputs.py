"""The inputs of the enlargers, as fal's pages of 2026-08 have them.

Source: https://fal.ai/models/<endpoint>/llms.txt. Each class says in `plan()` what is to be done.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field


class EnlargedFormat(StrEnum):
    """Formats that enlargers write, by fal's names."""

    PNG = "png"
    JPG = "jpg"
    WEBP = "webp"

    @property
    def of_pillow(self) -> str:
        """The format's name in Pillow and in content types."""
        return "jpeg" if self is EnlargedFormat.JPG else self.value


class CrystalFormat(StrEnum):
    """Formats of clarityai/crystal-upscaler."""

    PNG = "png"
    JPG = "jpg"


class UpscaleMode(StrEnum):
    """How SeedVR is told the size."""

    TARGET = "target"
    FACTOR = "factor"


class TargetResolution(StrEnum):
    """The short sides that SeedVR knows."""

    P720 = "720p"
    P1080 = "1080p"
    P1440 = "1440p"
    P2160 = "2160p"


@dataclass(frozen=True)
class EnlargingPlan:
    """An enlargement in the worker's words; `in_list` says how the answer holds its file."""

    image_url: str
    factor: float
    target_px: int | None
    picture_format: EnlargedFormat
    in_list: bool


class EnlargerInput(BaseModel, ABC):
    """What all enlargers share."""

    image_url: str

    @abstractmethod
    def plan(self) -> EnlargingPlan:
        """What is to be done."""


class SeedvrInput(EnlargerInput):
    """fal-ai/seedvr/upscale/image."""

    upscale_mode: UpscaleMode = UpscaleMode.FACTOR
    upscale_factor: float = Field(default=2, ge=1, le=10)
    target_resolution: TargetResolution = TargetResolution.P1080
    noise_scale: float = Field(default=0.1, ge=0, le=1)
    seed: int | None = None
    output_format: EnlargedFormat = EnlargedFormat.JPG
    sync_mode: bool = False

    def plan(self) -> EnlargingPlan:
        """By a factor, or to a short side."""
        by_target = self.upscale_mode is UpscaleMode.TARGET
        target_px = int(self.target_resolution[:-1]) if by_target else None
        return EnlargingPlan(
            self.image_url, self.upscale_factor, target_px, self.output_format, in_list=False
        )


class CrystalInput(EnlargerInput):
    """clarityai/crystal-upscaler."""

    scale_factor: float = Field(default=2, ge=1, le=200)
    creativity: float = Field(default=0, ge=0, le=10)
    output_format: CrystalFormat = CrystalFormat.JPG

    def plan(self) -> EnlargingPlan:
        """By a factor."""
        picture_format = EnlargedFormat(self.output_format)
        return EnlargingPlan(self.image_url, self.scale_factor, None, picture_format, in_list=True)
