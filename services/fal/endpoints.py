"""The trainers and generators, as fal's own OpenAPI schemas describe them (read 2026-06).

A new one is a model class and a row. Defaults and ranges are fal's; a field without a default
here is always sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from db.vocabulary import PictureShape
from services.fal.gateway import GenerationOrder, TrainingOrder

Steps = Annotated[int, Field(ge=1, le=10_000)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FluxLoraFastTrainingInput(_Input):
    """Input of fal-ai/flux-lora-fast-training.

    It takes neither learning rate nor rank nor batch size. `create_masks` uses a face mask for
    people; `is_style` would switch masks and captions off.
    """

    images_data_url: str
    trigger_word: str
    steps: Steps
    create_masks: bool = True
    is_style: bool = False


class FluxLoraPortraitTrainerInput(_Input):
    """Input of fal-ai/flux-lora-portrait-trainer."""

    images_data_url: str
    trigger_phrase: str
    steps: Steps
    learning_rate: Annotated[float, Field(ge=1e-6, le=1e-3)]
    multiresolution_training: bool = True
    subject_crop: bool = True


class LoraWeight(_Input):
    """A LoRA to generate with; `scale` is its strength."""

    path: str
    scale: Annotated[float, Field(ge=0, le=4)] = 1.0


FLUX_SIZES = {
    PictureShape.SQUARE: "square_hd",
    PictureShape.PORTRAIT: "portrait_4_3",
    PictureShape.TALL: "portrait_16_9",
    PictureShape.LANDSCAPE: "landscape_4_3",
    PictureShape.WIDE: "landscape_16_9",
}
"""fal names the shape by its long side first: portrait_4_3 is 768x1024 px."""


class FluxLoraInput(_Input):
    """Input of fal-ai/flux-lora.

    `portrait_4_3` is 768x1024 px, the shape practice favours for people; guidance 3.5 and
    28 steps are fal's defaults.
    """

    prompt: Annotated[str, Field(min_length=1)]
    loras: list[LoraWeight]
    image_size: Literal[
        "square_hd",
        "square",
        "portrait_4_3",
        "portrait_16_9",
        "landscape_4_3",
        "landscape_16_9",
    ] = "portrait_4_3"
    num_images: Annotated[int, Field(ge=1, le=4)] = 1
    num_inference_steps: Annotated[int, Field(ge=1, le=50)] = 28
    guidance_scale: Annotated[float, Field(ge=0, le=35)] = 3.5
    seed: int | None = None
    enable_safety_checker: bool = True
    output_format: Literal["jpeg", "png"] = "jpeg"


class _Output(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class File(_Output):
    """A file fal made; everything but the URL may be missing."""

    url: str
    content_type: str | None = None
    file_name: str | None = None
    file_size: int | None = None


class TrainerOutput(_Output):
    """Output of the trainers in the table."""

    diffusers_lora_file: File
    config_file: File | None = None


class Image(File):
    """A picture; sizes in pixels."""

    width: int | None = None
    height: int | None = None


class GeneratorOutput(_Output):
    """Output of the generators in the table. A flagged picture is all black."""

    images: list[Image]
    seed: int | None = None
    has_nsfw_concepts: list[bool] | None = None


@dataclass(frozen=True)
class Trainer:
    """A trainer, the generator its LoRAs work with, and its price where fal does not tell."""

    endpoint: str
    generator: str
    input_model: type[_Input]
    usd_per_1000_steps: Decimal | None = None


@dataclass(frozen=True)
class Generator:
    """A generator; `megapixels` is the size of one picture by its shape."""

    endpoint: str
    input_model: type[FluxLoraInput]
    megapixels: Mapping[PictureShape, Decimal]


FLUX_MEGAPIXELS = {
    PictureShape.SQUARE: Decimal(1),
    PictureShape.PORTRAIT: Decimal("0.786432"),
    PictureShape.TALL: Decimal("0.589824"),
    PictureShape.LANDSCAPE: Decimal("0.786432"),
    PictureShape.WIDE: Decimal("0.589824"),
}
"""1024x1024, 768x1024, 576x1024 px and their landscapes. fal does not say whether a megapixel is
10^6 or 2^20 pixels; a picture of 1024x1024 is counted as one."""

GENERATORS = {
    generator.endpoint: generator
    for generator in (Generator("fal-ai/flux-lora", FluxLoraInput, FLUX_MEGAPIXELS),)
}

TRAINERS = {
    trainer.endpoint: trainer
    for trainer in (
        Trainer(
            "fal-ai/flux-lora-fast-training",
            "fal-ai/flux-lora",
            FluxLoraFastTrainingInput,
        ),
        # 0.0024 USD a step is what third parties report; fal's price list goes first.
        Trainer(
            "fal-ai/flux-lora-portrait-trainer",
            "fal-ai/flux-lora",
            FluxLoraPortraitTrainerInput,
            usd_per_1000_steps=Decimal("2.40"),
        ),
    )
}

_FIELD_NAMES = {
    "images_data_url": "archive_url",
    "trigger_phrase": "trigger_word",
}
"""What the trainers call the fields of an order, where the name differs."""


def training_input(trainer: Trainer, order: TrainingOrder) -> tuple[dict[str, Any], set[str]]:
    """Give the JSON input of a training and the names of the order's fields it has no place for.

    Raises:
        pydantic.ValidationError: The order is out of the trainer's ranges.
    """
    taken = {
        name: _FIELD_NAMES.get(name, name)
        for name in trainer.input_model.model_fields
        if hasattr(order, _FIELD_NAMES.get(name, name))
    }
    model = trainer.input_model(**{name: getattr(order, field) for name, field in taken.items()})
    unsent = {field.name for field in fields(order)} - set(taken.values())
    return model.model_dump(), unsent


def generation_input(generator: Generator, order: GenerationOrder) -> dict[str, Any]:
    """Give the JSON input of a generation; an unset seed is left out.

    Raises:
        pydantic.ValidationError: The order is out of the generator's ranges.
    """
    model = generator.input_model(
        prompt=order.prompt,
        loras=[LoraWeight(path=order.lora_url, scale=order.lora_scale)],
        image_size=FLUX_SIZES[order.shape],
        num_images=order.num_images,
        seed=order.seed,
    )
    return model.model_dump(exclude_none=True)
