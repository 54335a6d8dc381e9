"""What the trainers and generators answer.

Somebody has paid for it, so only the address of a file is needed. Everything else may be missing,
null or of another type, and then counts as not said.
"""

from typing import Any

from services.fal.answers import MOST_SIDE_PX, Unreadable, address, web_address, whole_number
from services.fal.gateway import MadeImage, MadeImages, TrainedLora

LORA_PLACES = ("diffusers_lora_file", "lora_file", "training_artifact")
"""Where the weights are; all trainers in the table use the first, others of fal's the others."""

IMAGE_PLACES = ("images", "image")
"""Where the pictures are; generators that make only one at a time use the second."""

MOST_IMAGES = 1000
"""Four can be asked for; whoever sends a thousand is still heard."""

MOST_SEED = 2**63 - 1
"""What the database can keep."""


def trained_lora_of(result: Any) -> TrainedLora:  # noqa: ANN401  # whatever fal answered
    """Return what a training made.

    Raises:
        Unreadable: No address of weights is in its place.
    """
    for place in LORA_PLACES:
        url = web_address(_at(result, place))
        if url is not None:
            return TrainedLora(url, web_address(_at(result, "config_file")))
    raise Unreadable("it names no LoRA file")


def made_images_of(result: Any) -> MadeImages:  # noqa: ANN401  # whatever fal answered
    """Return what a generation made; a flagged picture is all black.

    Raises:
        Unreadable: No address of a picture is in its place.
    """
    for place in IMAGE_PLACES:
        images = _images(_listed(_at(result, place)), _at(result, "has_nsfw_concepts"))
        if images:
            return MadeImages(images, whole_number(_at(result, "seed"), 0, MOST_SEED))
    raise Unreadable("it names no picture")


def _images(given: list[Any], flags: object) -> tuple[MadeImage, ...]:
    return tuple(
        MadeImage(
            url=url,
            width=whole_number(_at(image, "width"), 1, MOST_SIDE_PX),
            height=whole_number(_at(image, "height"), 1, MOST_SIDE_PX),
            is_flagged=_flag(flags, index),
        )
        for index, image in enumerate(given[:MOST_IMAGES])
        if (url := address(image)) is not None
    )


def _flag(flags: object, index: int) -> bool:
    if isinstance(flags, list):
        return index < len(flags) and flags[index] is True
    return flags is True


def _listed(value: Any) -> list[Any]:  # noqa: ANN401
    return value if isinstance(value, list) else [value]


def _at(value: Any, name: str) -> Any:  # noqa: ANN401
    return value.get(name) if isinstance(value, dict) else None
