"""The tables of trainers and generators, and how an order becomes the input of one.

A new one is a model class among the inputs and a row here. Its price counts where fal's own price
list says nothing usable.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from services.domain.vocabulary import PictureOption, PictureShape, PictureSize
from services.fal.gateway import GenerationOrder, TrainingOrder
from services.fal.generation_inputs import (
    Flux2LoraInput,
    FluxKreaLoraInput,
    FluxLoraInput,
    GeneratorInput,
    LoraWeight,
    QwenImage2512LoraInput,
    ZImageTurboLoraInput,
)
from services.fal.training_inputs import (
    Flux2TrainerV2Input,
    FluxKreaTrainerInput,
    FluxLoraFastTrainingInput,
    FluxLoraPortraitTrainerInput,
    QwenImage2512TrainerInput,
    QwenImage2512TrainerV2Input,
    TrainerInput,
    ZImageTurboTrainerV2Input,
)

FAST_TRAINING = "fal-ai/flux-lora-fast-training"
FLUX_LORA = "fal-ai/flux-lora"


@dataclass(frozen=True)
class Size:
    """A picture's size at fal: the preset's name where it has one, and its pixels."""

    preset: str | None
    width_px: int
    height_px: int


SIZES: Mapping[PictureShape, Size] = {
    PictureShape.SQUARE: Size("square_hd", 1024, 1024),
    PictureShape.PORTRAIT: Size("portrait_4_3", 768, 1024),
    PictureShape.TALL: Size("portrait_16_9", 576, 1024),
    PictureShape.LANDSCAPE: Size("landscape_4_3", 1024, 768),
    PictureShape.WIDE: Size("landscape_16_9", 1024, 576),
}
"""The presets that all generators share (fal toolkit, image.py); fal names the long side first."""

HD_PX = 1536
"""FLUX.1 was made for 0.1 to 2 megapixels (Black Forest Labs' announcement of 2024-08). At 1.5
times a preset every side is a multiple of 32, and only the square goes a little beyond."""

MEGAPIXEL_PX = 1024 * 1024
"""fal's price pages count a picture of 1024x1024 as one megapixel and one of 512x512 as 0.25."""


OPTION_FIELDS: Mapping[PictureOption, str] = {
    PictureOption.SHAPE: "image_size",
    PictureOption.SIZE: "image_size",
    PictureOption.COUNT: "num_images",
    PictureOption.SCALE: "loras",
    PictureOption.SEED: "seed",
}
"""The field of a generator's input that takes a choice."""


@dataclass(frozen=True)
class Generator:
    """A generator, and its price as far as it is known.

    `hd_px` is the long side of an HD picture. The sides that an endpoint takes are in its input
    model; what its base model still draws well is less. `takes_two` is whether its schema lists
    LoRAs without a limit of one; what becomes of two faces it does not say. Whether a second LoRA
    costs more is not known of any of them: their pages name one price, which counts.
    """

    endpoint: str
    input_model: type[GeneratorInput]
    usd_per_megapixel: Decimal
    hd_px: int = HD_PX
    takes_two: bool = False

    @property
    def takes(self) -> frozenset[PictureOption]:
        """The choices that have an effect here."""
        return frozenset(
            option
            for option, field in OPTION_FIELDS.items()
            if field in self.input_model.model_fields
        )

    def pixels(self, shape: PictureShape, size: PictureSize = PictureSize.STANDARD) -> Size:
        """Return the width and height of a picture; HD has no preset's name."""
        standard = SIZES[shape]
        if size is PictureSize.STANDARD:
            return standard
        long_px = max(standard.width_px, standard.height_px)
        return Size(
            None,
            standard.width_px * self.hd_px // long_px,
            standard.height_px * self.hd_px // long_px,
        )

    def megapixels(self, shape: PictureShape, size: PictureSize = PictureSize.STANDARD) -> Decimal:
        """Return the size of one picture."""
        pixels = self.pixels(shape, size)
        return Decimal(pixels.width_px * pixels.height_px) / MEGAPIXEL_PX


@dataclass(frozen=True)
class Trainer:
    """A trainer, the one generator its LoRAs work with, and its price as far as it is known.

    `nickname` is what texts and buttons call it; it is in buttons already sent, so it never
    changes.
    """

    endpoint: str
    nickname: str
    generator: str
    input_model: type[TrainerInput]
    usd_per_1000_steps: Decimal


GENERATORS = {
    generator.endpoint: generator
    for generator in (
        Generator(FLUX_LORA, FluxLoraInput, Decimal("0.035"), takes_two=True),
        # Its price is not known; flux-lora's stands in for it.
        Generator("fal-ai/flux-krea-lora", FluxKreaLoraInput, Decimal("0.035"), takes_two=True),
        Generator(
            "fal-ai/z-image/turbo/lora", ZImageTurboLoraInput, Decimal("0.0085"), takes_two=True
        ),
        Generator("fal-ai/flux-2/lora", Flux2LoraInput, Decimal("0.021"), takes_two=True),
        # Its price is not known: the model without LoRA costs 0.02, and LoRA adds to it elsewhere.
        Generator(
            "fal-ai/qwen-image-2512/lora", QwenImage2512LoraInput, Decimal("0.035"), takes_two=True
        ),
    )
}

TRAINERS = {
    trainer.endpoint: trainer
    for trainer in (
        Trainer(
            FAST_TRAINING,
            "fast",
            FLUX_LORA,
            FluxLoraFastTrainingInput,
            Decimal("2.00"),
        ),
        # 0.0024 USD a step is what third parties report.
        Trainer(
            "fal-ai/flux-lora-portrait-trainer",
            "portrait",
            FLUX_LORA,
            FluxLoraPortraitTrainerInput,
            Decimal("2.40"),
        ),
        # Its price is not known; that of fast-training, whose schema it has, stands in for it. No
        # answer of it has been seen; its schema names the same files.
        Trainer(
            "fal-ai/flux-krea-trainer",
            "krea",
            "fal-ai/flux-krea-lora",
            FluxKreaTrainerInput,
            Decimal("2.00"),
        ),
        Trainer(
            "fal-ai/z-image-turbo-trainer-v2",
            "z-image",
            "fal-ai/z-image/turbo/lora",
            ZImageTurboTrainerV2Input,
            Decimal("0.85"),
        ),
        Trainer(
            "fal-ai/flux-2-trainer-v2",
            "flux-2",
            "fal-ai/flux-2/lora",
            Flux2TrainerV2Input,
            Decimal("6.40"),
        ),
        # 0.0015 USD a step is what third parties quote from its page, 500 steps at least.
        Trainer(
            "fal-ai/qwen-image-2512-trainer",
            "qwen",
            "fal-ai/qwen-image-2512/lora",
            QwenImage2512TrainerInput,
            Decimal("1.50"),
        ),
        # 0.00095 USD a step is what third parties quote, 500 steps at least. No answer of it has
        # been seen; its schema names the same files.
        Trainer(
            "fal-ai/qwen-image-2512-trainer-v2",
            "qwen-v2",
            "fal-ai/qwen-image-2512/lora",
            QwenImage2512TrainerV2Input,
            Decimal("0.95"),
        ),
    )
}

_ORDER_NAMES = {
    "images_data_url": "archive_url",
    "image_data_url": "archive_url",
    "trigger_phrase": "trigger_word",
    "default_caption": "caption",
}
"""What the trainers call the words of an order, where the name differs."""

_MADE_OF = {"caption": {"trigger_word", "subject"}}


def training_input(trainer: Trainer, order: TrainingOrder) -> tuple[dict[str, Any], set[str]]:
    """Return the JSON input of a training and the names of the order's fields it has no place for.

    Raises:
        pydantic.ValidationError: The order is out of the trainer's ranges.
    """
    taken = {
        name: _ORDER_NAMES.get(name, name)
        for name in trainer.input_model.model_fields
        if hasattr(order, _ORDER_NAMES.get(name, name))
    }
    model = trainer.input_model(**{name: getattr(order, word) for name, word in taken.items()})
    sent: set[str] = set().union(*(_MADE_OF.get(word, {word}) for word in taken.values()))
    return model.model_dump(), {field.name for field in fields(order)} - sent


def generation_input(generator: Generator, order: GenerationOrder) -> dict[str, Any]:
    """Return the JSON input of a generation; an unset seed is left out.

    Raises:
        pydantic.ValidationError: The order is out of the generator's ranges.
    """
    loras = [LoraWeight(path=order.lora_url, scale=order.lora_scale)]
    if order.second is not None:
        loras.append(LoraWeight(path=order.second.url, scale=order.second.scale))
    model = generator.input_model.model_validate(
        {
            "prompt": order.prompt,
            "loras": loras,
            "image_size": _image_size(generator.pixels(order.shape, order.size)),
            "num_images": order.num_images,
            "seed": order.seed,
        }
    )
    return model.model_dump(exclude_none=True)


def _image_size(size: Size) -> str | dict[str, int]:
    return size.preset or {"width": size.width_px, "height": size.height_px}
