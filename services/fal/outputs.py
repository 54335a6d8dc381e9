"""What the trainers and generators answer; whatever may be missing is optional."""

from pydantic import BaseModel, ConfigDict


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
