"""The input of every emulated trainer, with the ranges and defaults of fal's own schemas.

Source: fal's OpenAPI documents of 2026
(https://fal.ai/api/openapi/queue/openapi.json?endpoint_id=…). Unknown fields are ignored, as
pydantic does unless told otherwise. Each class says in `plan()` what the worker has to do.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, Field


@dataclass(frozen=True)
class TrainingPlan:
    """A training in the worker's words; `archive_field` is the name that errors point to."""

    archive_url: str
    archive_field: str
    trigger: str | None
    default_caption: str | None
    steps: int
    caption_required: bool
    full_file_details: bool = True


class TrainerInput(BaseModel, ABC):
    """What all trainers share: that they can say what to do."""

    @abstractmethod
    def plan(self) -> TrainingPlan:
        """The training that this input asks for."""


class FluxFastTraining(TrainerInput):
    """fal-ai/flux-lora-fast-training."""

    images_data_url: str
    trigger_word: str | None = None
    steps: int | None = Field(default=None, ge=1, le=10_000)
    create_masks: bool = True
    is_style: bool = False
    is_input_format_already_preprocessed: bool = False
    data_archive_format: str | None = None

    def plan(self) -> TrainingPlan:
        """No default for steps is published; the schema's example, 1000, is taken."""
        return TrainingPlan(
            self.images_data_url,
            "images_data_url",
            self.trigger_word,
            None,
            self.steps or 1000,
            caption_required=False,
        )


class FluxKreaTraining(FluxFastTraining):
    """fal-ai/flux-krea-trainer: the same schema."""


class FluxPortraitTraining(TrainerInput):
    """fal-ai/flux-lora-portrait-trainer."""

    images_data_url: str
    trigger_phrase: str | None = None
    steps: int = Field(default=2500, ge=1, le=10_000)
    learning_rate: float = Field(default=0.00009, ge=0.000001, le=0.001)
    multiresolution_training: bool = True
    subject_crop: bool = True
    create_masks: bool = False
    resume_from_checkpoint: str = ""
    data_archive_format: str | None = None

    def plan(self) -> TrainingPlan:
        """The real trainer fills in only the address of its files (captured)."""
        return TrainingPlan(
            self.images_data_url,
            "images_data_url",
            self.trigger_phrase,
            None,
            self.steps,
            caption_required=False,
            full_file_details=False,
        )


class CaptionedTraining(TrainerInput):
    """What the newer trainers share: a caption for every photo, or training fails."""

    image_data_url: str
    default_caption: str | None = None
    steps: int
    learning_rate: float = Field(gt=0)

    def plan(self) -> TrainingPlan:
        """The caption is all that ties the person to a word."""
        return TrainingPlan(
            self.image_data_url,
            "image_data_url",
            None,
            self.default_caption,
            self.steps,
            caption_required=True,
        )


class ZImageTurboTrainingV2(CaptionedTraining):
    """fal-ai/z-image-turbo-trainer-v2."""

    steps: int = Field(default=2000, ge=10, le=40_000)
    learning_rate: float = Field(default=0.0005, gt=0)


class LoraFormat(StrEnum):
    """Key names in a FLUX.2 LoRA."""

    FAL = "fal"
    COMFY = "comfy"


class Flux2TrainingV2(CaptionedTraining):
    """fal-ai/flux-2-trainer-v2."""

    steps: int = Field(default=1000, ge=100, le=10_000, multiple_of=100)
    learning_rate: float = Field(default=0.00005, gt=0)
    output_lora_format: LoraFormat = LoraFormat.FAL


class QwenImage2512Training(CaptionedTraining):
    """fal-ai/qwen-image-2512-trainer."""

    steps: int = Field(default=1000, ge=100, le=30_000, multiple_of=100)
    learning_rate: float = Field(default=0.0005, gt=0)


class QwenImage2512TrainingV2(CaptionedTraining):
    """fal-ai/qwen-image-2512-trainer-v2."""

    steps: int = Field(default=2000, ge=10, le=40_000)
    learning_rate: float = Field(default=0.0005, gt=0)
