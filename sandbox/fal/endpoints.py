"""The table of emulated endpoints: a further one is a row here and a class among the inputs."""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.fal.editing_inputs import (
    EditorInput,
    Flux2Edit,
    Flux2LoraEdit,
    Flux3Edit,
    NanoBananaEdit,
)
from sandbox.fal.enlarging_inputs import CrystalInput, EnlargerInput, SeedvrInput
from sandbox.fal.generation_inputs import (
    Flux2Lora,
    FluxLora,
    GeneratorInput,
    QwenImage2512Lora,
    ZImageTurboLora,
)
from sandbox.fal.training_inputs import (
    Flux2TrainingV2,
    FluxFastTraining,
    FluxKreaTraining,
    FluxPortraitTraining,
    QwenImage2512Training,
    QwenImage2512TrainingV2,
    TrainerInput,
    ZImageTurboTrainingV2,
)


class Family(StrEnum):
    """Base models; a LoRA fits only its own."""

    FLUX_1 = "flux-1"
    FLUX_KREA = "flux-krea"
    FLUX_2 = "flux-2"
    Z_IMAGE = "z-image"
    QWEN_IMAGE_2512 = "qwen-image-2512"
    ANY = "any"
    """Enlargers and some editors have no LoRA."""


class PriceSource(StrEnum):
    """How much a price here can be trusted."""

    FACTS = "facts"
    """Stated for this endpoint on fal's page of the model."""
    BORROWED = "borrowed"
    """Stated so for a sister endpoint."""
    CODE = "code"
    """A constant in public code; fal's own word was not seen."""
    INVENTED = "invented"
    """No source; a plausible number."""


@dataclass(frozen=True)
class Endpoint:
    """One endpoint: its schema, base model and price (USD per unit)."""

    id: str
    family: Family
    schema: type[TrainerInput] | type[GeneratorInput] | type[EnlargerInput] | type[EditorInput]
    unit_price: float
    unit: str
    price_source: PriceSource

    @property
    def is_trainer(self) -> bool:
        """Whether it makes LoRAs rather than pictures."""
        return issubclass(self.schema, TrainerInput)

    @property
    def app(self) -> str:
        """owner/alias: the part under which its requests are found."""
        return app_of(self.id)


NAMESPACES = ("workflows", "comfy")
"""First parts of ids that keep three parts instead of two."""


def app_of(endpoint_id: str) -> str:
    """The owner/alias part of an endpoint id."""
    parts = endpoint_id.split("/")
    return "/".join(parts[: 3 if parts[0] in NAMESPACES else 2])


_ROWS = (
    # "$2 per run, scales linearly with steps"; the run is taken as 1000 steps.
    Endpoint(
        "fal-ai/flux-lora-fast-training",
        Family.FLUX_1,
        FluxFastTraining,
        0.002,
        "steps",
        PriceSource.FACTS,
    ),
    Endpoint(
        "fal-ai/flux-lora-portrait-trainer",
        Family.FLUX_1,
        FluxPortraitTraining,
        0.0024,
        "steps",
        PriceSource.FACTS,
    ),
    Endpoint("fal-ai/flux-lora", Family.FLUX_1, FluxLora, 0.035, "megapixels", PriceSource.FACTS),
    # The prices of the sister endpoints of FLUX.1 dev.
    Endpoint(
        "fal-ai/flux-krea-trainer",
        Family.FLUX_KREA,
        FluxKreaTraining,
        0.002,
        "steps",
        PriceSource.BORROWED,
    ),
    Endpoint(
        "fal-ai/flux-krea-lora",
        Family.FLUX_KREA,
        FluxLora,
        0.035,
        "megapixels",
        PriceSource.BORROWED,
    ),
    Endpoint(
        "fal-ai/z-image-turbo-trainer-v2",
        Family.Z_IMAGE,
        ZImageTurboTrainingV2,
        0.00085,
        "steps",
        PriceSource.FACTS,
    ),
    Endpoint(
        "fal-ai/z-image/turbo/lora",
        Family.Z_IMAGE,
        ZImageTurboLora,
        0.0085,
        "megapixels",
        PriceSource.FACTS,
    ),
    # The price of flux-2-trainer.
    Endpoint(
        "fal-ai/flux-2-trainer-v2",
        Family.FLUX_2,
        Flux2TrainingV2,
        0.0064,
        "steps",
        PriceSource.BORROWED,
    ),
    Endpoint(
        "fal-ai/flux-2/lora", Family.FLUX_2, Flux2Lora, 0.021, "megapixels", PriceSource.INVENTED
    ),
    # The price of qwen-image-trainer.
    Endpoint(
        "fal-ai/qwen-image-2512-trainer",
        Family.QWEN_IMAGE_2512,
        QwenImage2512Training,
        0.002,
        "steps",
        PriceSource.BORROWED,
    ),
    # Quoted by third parties.
    Endpoint(
        "fal-ai/qwen-image-2512-trainer-v2",
        Family.QWEN_IMAGE_2512,
        QwenImage2512TrainingV2,
        0.00095,
        "steps",
        PriceSource.BORROWED,
    ),
    Endpoint(
        "fal-ai/qwen-image-2512/lora",
        Family.QWEN_IMAGE_2512,
        QwenImage2512Lora,
        0.03,
        "megapixels",
        PriceSource.INVENTED,
    ),
    Endpoint(
        "fal-ai/seedvr/upscale/image",
        Family.ANY,
        SeedvrInput,
        0.001,
        "megapixels",
        PriceSource.FACTS,
    ),
    Endpoint(
        "clarityai/crystal-upscaler",
        Family.ANY,
        CrystalInput,
        0.016,
        "megapixels",
        PriceSource.FACTS,
    ),
    Endpoint(
        "fal-ai/flux-2/edit", Family.FLUX_2, Flux2Edit, 0.012, "megapixels", PriceSource.CODE
    ),
    # The price of flux-2/lora.
    Endpoint(
        "fal-ai/flux-2/lora/edit",
        Family.FLUX_2,
        Flux2LoraEdit,
        0.021,
        "megapixels",
        PriceSource.BORROWED,
    ),
    # By tokens at fal; this is a picture of 1K.
    Endpoint(
        "google/nano-banana-2.1/edit",
        Family.ANY,
        NanoBananaEdit,
        0.044,
        "images",
        PriceSource.FACTS,
    ),
    Endpoint(
        "blackforestlabs/flux-3/edit-image",
        Family.ANY,
        Flux3Edit,
        0.024,
        "megapixels",
        PriceSource.CODE,
    ),
)

ENDPOINTS: dict[str, Endpoint] = {row.id: row for row in _ROWS}
APPS: frozenset[str] = frozenset(row.app for row in _ROWS)
