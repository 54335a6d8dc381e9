"""The inputs of the generators, as fal's own OpenAPI schemas describe them (read 2026-06).

Defaults and ranges are fal's, except where a class says why not. None of the schemas bounds the
length of a prompt.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class LoraWeight(_Input):
    """A LoRA to generate with; `scale` is its strength."""

    path: str
    scale: Annotated[float, Field(ge=0, le=4)] = 1.0


class ImageSize(_Input):
    """A size in pixels; fal's schemas take 1 to 14142 a side unless they say less."""

    width: Annotated[int, Field(ge=1, le=14142)]
    height: Annotated[int, Field(ge=1, le=14142)]


class Flux2ImageSize(ImageSize):
    """FLUX.2 takes 512 to 2048 a side (schema of fal-ai/flux-2/lora)."""

    width: Annotated[int, Field(ge=512, le=2048)]
    height: Annotated[int, Field(ge=512, le=2048)]


UpToThreeLoras = Annotated[list[LoraWeight], Field(max_length=3)]
"""What the schemas of the newer endpoints take; that of flux-lora names no limit."""


Preset = Literal[
    "square_hd",
    "square",
    "portrait_4_3",
    "portrait_16_9",
    "landscape_4_3",
    "landscape_16_9",
]


class GeneratorInput(_Input):
    """What all generators share.

    `portrait_4_3` is 768x1024 px, the shape practice favours for people. JPEG is asked for where
    fal's default is PNG, which is several times larger on its way to a chat.
    """

    prompt: Annotated[str, Field(min_length=1)]
    loras: list[LoraWeight]
    image_size: Preset | ImageSize = "portrait_4_3"
    num_images: Annotated[int, Field(ge=1, le=4)] = 1
    seed: int | None = None
    enable_safety_checker: bool = True
    output_format: Literal["jpeg", "png"] = "jpeg"


class FluxLoraInput(GeneratorInput):
    """Input of fal-ai/flux-lora."""

    num_inference_steps: Annotated[int, Field(ge=1, le=50)] = 28
    guidance_scale: Annotated[float, Field(ge=0, le=35)] = 3.5


class FluxKreaLoraInput(FluxLoraInput):
    """Input of fal-ai/flux-krea-lora, the schema of flux-lora."""


class ZImageTurboLoraInput(GeneratorInput):
    """Input of fal-ai/z-image/turbo/lora; a turbo model has no guidance."""

    loras: UpToThreeLoras
    num_inference_steps: Annotated[int, Field(ge=1, le=8)] = 8


class Flux2LoraInput(GeneratorInput):
    """Input of fal-ai/flux-2/lora."""

    loras: UpToThreeLoras
    image_size: Preset | Flux2ImageSize = "portrait_4_3"
    num_inference_steps: Annotated[int, Field(ge=4, le=50)] = 28
    guidance_scale: Annotated[float, Field(ge=0, le=20)] = 2.5


class QwenImage2512LoraInput(GeneratorInput):
    """Input of fal-ai/qwen-image-2512/lora."""

    loras: UpToThreeLoras
    num_inference_steps: Annotated[int, Field(ge=1, le=50)] = 28
    guidance_scale: Annotated[float, Field(ge=0, le=20)] = 4.0
