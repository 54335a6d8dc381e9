"""The inputs of the trainers, as fal's own OpenAPI schemas describe them (read 2026-06).

Defaults and ranges are fal's; a field without a default here is always sent. fal ignores a field
that it does not know, so a wrong name would pass unseen there: here it is refused.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class TrainerInput(BaseModel):
    """What all trainers share: nothing but that their inputs are exact."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


FluxSteps = Annotated[int, Field(ge=1, le=10_000)]


class FluxLoraFastTrainingInput(TrainerInput):
    """Input of fal-ai/flux-lora-fast-training.

    It takes neither learning rate nor rank nor batch size. `create_masks` uses a face mask for
    people; `is_style` would switch masks and captions off.
    """

    images_data_url: str
    trigger_word: str
    steps: FluxSteps
    create_masks: bool = True
    is_style: bool = False


class FluxKreaTrainerInput(FluxLoraFastTrainingInput):
    """Input of fal-ai/flux-krea-trainer, the schema of fast-training (read 2026-01).

    The later catalogue that the others were read from lists neither this one nor the second
    version of Qwen's trainer, though it names both as trainers of their generators.
    """


class FluxLoraPortraitTrainerInput(TrainerInput):
    """Input of fal-ai/flux-lora-portrait-trainer."""

    images_data_url: str
    trigger_phrase: str
    steps: FluxSteps
    learning_rate: Annotated[float, Field(ge=1e-6, le=1e-3)]
    multiresolution_training: bool = True
    subject_crop: bool = True


class CaptionedTrainerInput(TrainerInput):
    """What the newer trainers share: no trigger word, but a caption for every photo.

    `default_caption` stands for all of them, so the archive holds photos only; without one and
    without caption files the training fails. A range of the learning rate is not published.
    """

    image_data_url: str
    default_caption: Annotated[str, Field(min_length=1)]
    learning_rate: Annotated[float, Field(gt=0)]


class ZImageTurboTrainerV2Input(CaptionedTrainerInput):
    """Input of fal-ai/z-image-turbo-trainer-v2."""

    steps: Annotated[int, Field(ge=10, le=40_000)]


class Flux2TrainerV2Input(CaptionedTrainerInput):
    """Input of fal-ai/flux-2-trainer-v2; its generator takes weights in fal's own format."""

    steps: Annotated[int, Field(ge=100, le=10_000, multiple_of=100)]


class QwenImage2512TrainerInput(CaptionedTrainerInput):
    """Input of fal-ai/qwen-image-2512-trainer."""

    steps: Annotated[int, Field(ge=100, le=30_000, multiple_of=100)]


class QwenImage2512TrainerV2Input(CaptionedTrainerInput):
    """Input of fal-ai/qwen-image-2512-trainer-v2 (read 2026-01, see `FluxKreaTrainerInput`)."""

    steps: Annotated[int, Field(ge=10, le=40_000)]
