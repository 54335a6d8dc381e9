"""The input of every emulated generator, with the ranges and defaults of fal's own schemas.

Source: fal's OpenAPI documents of 2026
(https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=…). Unknown fields are ignored, as
pydantic does unless told otherwise. Each class says in `plan()` what the worker has to do.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field


class LoraWeight(BaseModel):
    """One LoRA to apply."""

    path: str
    scale: float = Field(default=1, ge=0, le=4)


class ImageSize(BaseModel):
    """A size in pixels."""

    width: int = Field(default=512, gt=0, le=14_142)
    height: int = Field(default=512, gt=0, le=14_142)


class Flux2ImageSize(ImageSize):
    """FLUX.2 takes 512 to 2048 pixels a side."""

    width: int = Field(default=512, ge=512, le=2048)
    height: int = Field(default=512, ge=512, le=2048)


class SizePreset(StrEnum):
    """fal's names of sizes."""

    SQUARE_HD = "square_hd"
    SQUARE = "square"
    PORTRAIT_4_3 = "portrait_4_3"
    PORTRAIT_16_9 = "portrait_16_9"
    LANDSCAPE_4_3 = "landscape_4_3"
    LANDSCAPE_16_9 = "landscape_16_9"

    @property
    def pixels(self) -> ImageSize:
        """Width and height (fal toolkit, image.py)."""
        width, height = {
            SizePreset.SQUARE_HD: (1024, 1024),
            SizePreset.SQUARE: (512, 512),
            SizePreset.PORTRAIT_4_3: (768, 1024),
            SizePreset.PORTRAIT_16_9: (576, 1024),
            SizePreset.LANDSCAPE_4_3: (1024, 768),
            SizePreset.LANDSCAPE_16_9: (1024, 576),
        }[self]
        return ImageSize(width=width, height=height)


class ClassicFormat(StrEnum):
    """Picture formats of the first FLUX endpoints."""

    JPEG = "jpeg"
    PNG = "png"


class PictureFormat(StrEnum):
    """Picture formats of the newer endpoints."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


class ClassicAcceleration(StrEnum):
    """Speed of the first FLUX endpoints."""

    NONE = "none"
    REGULAR = "regular"


class Acceleration(StrEnum):
    """Speed of the newer endpoints."""

    NONE = "none"
    REGULAR = "regular"
    HIGH = "high"


@dataclass(frozen=True)
class GenerationPlan:
    """A generation in the worker's words; sizes in pixels."""

    prompt: str
    width: int
    height: int
    num_images: int
    seed: int | None
    loras: tuple[LoraWeight, ...]
    picture_format: PictureFormat
    steps: int
    safety_checker: bool
    sync_mode: bool


class GeneratorInput(BaseModel, ABC):
    """What all generators share."""

    prompt: str
    image_size: SizePreset | ImageSize = SizePreset.LANDSCAPE_4_3
    num_images: int = Field(default=1, ge=1, le=4)
    seed: int | None = None
    sync_mode: bool = False
    enable_safety_checker: bool = True
    loras: list[LoraWeight] = Field(default_factory=list)
    num_inference_steps: int = 28

    @abstractmethod
    def picture_format(self) -> PictureFormat:
        """The format asked for."""

    def plan(self) -> GenerationPlan:
        """The pictures that this input asks for."""
        size = self.image_size
        size = size.pixels if isinstance(size, SizePreset) else size
        return GenerationPlan(
            prompt=self.prompt,
            width=size.width,
            height=size.height,
            num_images=self.num_images,
            seed=self.seed,
            loras=tuple(self.loras),
            picture_format=self.picture_format(),
            steps=self.num_inference_steps,
            safety_checker=self.enable_safety_checker,
            sync_mode=self.sync_mode,
        )


class FluxLora(GeneratorInput):
    """fal-ai/flux-lora: any number of LoRAs."""

    num_inference_steps: int = Field(default=28, ge=1, le=50)
    guidance_scale: float = Field(default=3.5, ge=0, le=35)
    output_format: ClassicFormat = ClassicFormat.JPEG
    acceleration: ClassicAcceleration = ClassicAcceleration.NONE

    def picture_format(self) -> PictureFormat:
        """JPEG or PNG."""
        return PictureFormat(self.output_format)


class ModernGenerator(GeneratorInput):
    """What the newer generators share: three LoRAs at most, PNG unless told otherwise."""

    loras: list[LoraWeight] = Field(default_factory=list, max_length=3)
    output_format: PictureFormat = PictureFormat.PNG
    acceleration: Acceleration = Acceleration.REGULAR

    def picture_format(self) -> PictureFormat:
        """The format asked for."""
        return self.output_format


class ZImageTurboLora(ModernGenerator):
    """fal-ai/z-image/turbo/lora."""

    num_inference_steps: int = Field(default=8, ge=1, le=8)
    enable_prompt_expansion: bool = False


class Flux2Lora(ModernGenerator):
    """fal-ai/flux-2/lora."""

    image_size: SizePreset | Flux2ImageSize = SizePreset.LANDSCAPE_4_3
    num_inference_steps: int = Field(default=28, ge=4, le=50)
    guidance_scale: float = Field(default=2.5, ge=0, le=20)
    enable_prompt_expansion: bool = False


class QwenImage2512Lora(ModernGenerator):
    """fal-ai/qwen-image-2512/lora."""

    num_inference_steps: int = Field(default=28, ge=1, le=50)
    guidance_scale: float = Field(default=4, ge=0, le=20)
    negative_prompt: str = ""
