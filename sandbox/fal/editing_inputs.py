"""The inputs of the editors: a prompt and pictures become another picture.

Sources: the types of `@fal-ai/client` 1.10.1 for flux-2/edit and flux-2/lora/edit; public code of
2026-10 for the other two, whose own schemas were not seen. Unknown fields are ignored, as
everywhere. Each class says in `plan()` what is to be done.
"""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field

from sandbox.fal.generation_inputs import (
    Acceleration,
    Flux2ImageSize,
    LoraWeight,
    PictureFormat,
    SizePreset,
)

FLUX_2_SIDES_PX = (512, 2048)
_GRID_PX = 8


class Resolution(StrEnum):
    """Sizes of the newer editors; the area is that of a square with such sides."""

    K1 = "1K"
    K2 = "2K"
    K4 = "4K"

    @property
    def side_px(self) -> int:
        """The side of the square."""
        return {Resolution.K1: 1024, Resolution.K2: 2048, Resolution.K4: 4096}[self]


class AspectRatio(StrEnum):
    """Shapes; `auto` is that of the first source."""

    AUTO = "auto"
    W21_H9 = "21:9"
    W16_H9 = "16:9"
    W3_H2 = "3:2"
    W4_H3 = "4:3"
    W5_H4 = "5:4"
    SQUARE = "1:1"
    W4_H5 = "4:5"
    W3_H4 = "3:4"
    W2_H3 = "2:3"
    W9_H16 = "9:16"

    def of(self, source: tuple[int, int]) -> float:
        """Width divided by height."""
        sides = source if self is AspectRatio.AUTO else [int(side) for side in self.split(":")]
        # No picture is a mere line.
        return min(4.0, max(0.25, sides[0] / sides[1]))


class AnswerForm(StrEnum):
    """What a result holds."""

    FLUX_2 = "flux-2"
    """As a generation: flags, timings, prompt and seed."""
    GOOGLE = "google"
    """Pictures without a size, and a description."""
    FLUX_3 = "flux-3"
    """Pictures and the seed."""


@dataclass(frozen=True)
class EditSize:
    """How large the picture becomes: told in pixels, or by area and shape."""

    pixels: tuple[int, int] | None = None
    resolution: Resolution | None = None
    aspect: AspectRatio = AspectRatio.AUTO

    def of(self, source: tuple[int, int]) -> tuple[int, int]:
        """Width and height for a first source of this size; told nothing, its own within range."""
        if self.pixels:
            return self.pixels
        if self.resolution is None:
            return _in_range(source)
        root = math.sqrt(self.aspect.of(source))
        side = self.resolution.side_px
        return _on_grid(side * root), _on_grid(side / root)


@dataclass(frozen=True)
class EditPlan:
    """An edit in the worker's words.

    `seed` None draws one. `whole` bills each picture by whole megapixels, or, of an endpoint that
    is paid by pictures, `weight` says how many pictures of 1K one costs.
    """

    prompt: str
    image_urls: tuple[str, ...]
    size: EditSize
    num_images: int
    seed: int | None
    picture_format: PictureFormat
    form: AnswerForm
    steps: int = 28
    loras: tuple[LoraWeight, ...] = ()
    safety_checker: bool = True
    sync_mode: bool = False
    weight: float = 1.0

    def units(self, width: int, height: int) -> float:
        """What one picture of this size is billed as, in the units of the endpoint's price."""
        match self.form:
            case AnswerForm.FLUX_2:
                return width * height / 1e6
            case AnswerForm.FLUX_3:
                return math.ceil(width * height / 1024**2)
            case AnswerForm.GOOGLE:
                return self.weight


class EditorInput(BaseModel, ABC):
    """What all editors share."""

    prompt: str
    image_urls: list[str]

    @abstractmethod
    def plan(self) -> EditPlan:
        """What is to be done."""


class Flux2Edit(EditorInput):
    """fal-ai/flux-2/edit."""

    image_urls: list[str] = Field(min_length=1, max_length=4)
    image_size: SizePreset | Flux2ImageSize | None = None
    num_images: int = Field(default=1, ge=1, le=4)
    seed: int | None = None
    num_inference_steps: int = Field(default=28, ge=4, le=50)
    guidance_scale: float = Field(default=2.5, ge=0, le=20)
    output_format: PictureFormat = PictureFormat.PNG
    acceleration: Acceleration = Acceleration.REGULAR
    enable_prompt_expansion: bool = False
    enable_safety_checker: bool = True
    sync_mode: bool = False

    def plan(self) -> EditPlan:
        """A picture of the size asked for, or of its first source's."""
        asked = self.image_size
        size = asked.pixels if isinstance(asked, SizePreset) else asked
        return EditPlan(
            prompt=self.prompt,
            image_urls=tuple(self.image_urls),
            size=EditSize((size.width, size.height) if size else None),
            num_images=self.num_images,
            seed=self.seed,
            picture_format=self.output_format,
            form=AnswerForm.FLUX_2,
            steps=self.num_inference_steps,
            loras=self.applied(),
            safety_checker=self.enable_safety_checker,
            sync_mode=self.sync_mode,
        )

    def applied(self) -> tuple[LoraWeight, ...]:
        """The LoRAs to apply."""
        return ()


class Flux2LoraEdit(Flux2Edit):
    """fal-ai/flux-2/lora/edit."""

    loras: list[LoraWeight] = Field(default_factory=list, max_length=3)

    def applied(self) -> tuple[LoraWeight, ...]:
        """Those of the input."""
        return tuple(self.loras)


class SafetyTolerance(StrEnum):
    """From the strictest to the loosest."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    SIX = "6"


class NanoBananaEdit(EditorInput):
    """google/nano-banana-2.1/edit: its larger pictures cost more, by fal's page of 2026-10."""

    image_urls: list[str] = Field(min_length=1, max_length=14)
    resolution: Resolution = Resolution.K1
    aspect_ratio: AspectRatio = AspectRatio.AUTO
    num_images: int = Field(default=1, ge=1, le=4)
    safety_tolerance: SafetyTolerance = SafetyTolerance.FOUR
    seed: int | None = None
    output_format: PictureFormat = PictureFormat.PNG

    def plan(self) -> EditPlan:
        """A picture of the area and shape asked for."""
        weights = {Resolution.K1: 1.0, Resolution.K2: 0.063 / 0.044, Resolution.K4: 0.138 / 0.044}
        return EditPlan(
            prompt=self.prompt,
            image_urls=tuple(self.image_urls),
            size=EditSize(None, self.resolution, self.aspect_ratio),
            num_images=self.num_images,
            seed=self.seed,
            picture_format=self.output_format,
            form=AnswerForm.GOOGLE,
            weight=weights[self.resolution],
        )


class Flux3Edit(EditorInput):
    """blackforestlabs/flux-3/edit-image.

    What else it takes is not known: a seed, a number of pictures or a format that is sent to it is
    ignored here, like any field that a schema does not name, and one JPEG comes back. Its shapes
    are taken to be those of nano-banana.
    """

    image_urls: list[str] = Field(min_length=1, max_length=10)
    aspect_ratio: AspectRatio = AspectRatio.AUTO
    resolution: Resolution = Resolution.K1

    def plan(self) -> EditPlan:
        """One picture of the area and shape asked for."""
        return EditPlan(
            prompt=self.prompt,
            image_urls=tuple(self.image_urls),
            size=EditSize(None, self.resolution, self.aspect_ratio),
            num_images=1,
            seed=None,
            picture_format=PictureFormat.JPEG,
            form=AnswerForm.FLUX_3,
        )


def _in_range(source: tuple[int, int]) -> tuple[int, int]:
    """The size nearest to the source's whose sides FLUX.2 takes."""
    low, high = FLUX_2_SIDES_PX
    factor = max(1.0, low / min(source))
    factor = min(factor, high / max(source))
    width, height = (min(high, max(low, round(side * factor))) for side in source)
    return width, height


def _on_grid(side: float) -> int:
    return max(_GRID_PX, round(side / _GRID_PX) * _GRID_PX)
