"""What can be chosen for a picture besides its prompt."""

import secrets
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from services.domain.values import Generation, Model, User
from services.domain.vocabulary import PictureOption, PictureShape, PictureSize

PICTURE_COUNTS = range(1, 5)
"""What one request for pictures may ask for (fal: `num_images`, at most 4)."""

LORA_SCALES = tuple(tenths / 10 for tenths in range(6, 15))
"""fal takes 0-4; for a person, practice stays between 0.8 and 1.2."""

SEEDS = range(2**31)
"""fal's schema names no limits; these are safe everywhere, and ours are drawn from them."""

T = TypeVar("T")

SEED_RANGE = (10**9, 2**31)
"""Seeds have ten digits each, so that one found in fal's history is not the start of another."""


@dataclass(frozen=True)
class PictureOptions:
    """The choices of one press.

    `count` is 1-4; `lora_scale` is the LoRA's strength, 1.0 as trained; no `seed` means that a
    new one is drawn.
    """

    shape: PictureShape = PictureShape.PORTRAIT
    count: int = 1
    lora_scale: float = 1.0
    seed: int | None = None
    size: PictureSize = PictureSize.STANDARD


@dataclass(frozen=True)
class Edit:
    """What a picture is made of, besides words: a picture of ours, or a photo at Telegram.

    `editor` is an endpoint. `url` is where fal fetches a picture; a photo has to be uploaded.
    """

    editor: str
    picture_id: str | None = None
    file_id: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Second:
    """Who else is in the pictures: a model, None where it is gone, and how strong its LoRA is."""

    model_id: str | None
    scale: float


@dataclass(frozen=True)
class PictureRequest:
    """A prompt, without the trigger word, and how to make it.

    `title` is the name of the preset it comes from, by the language's code. `english` is what the
    generator gets in the prompt's place, where that is known already. With an `edit` it is an
    instruction: one picture is made, of another one. A `second` person is beside the first.
    """

    prompt: str
    options: PictureOptions
    title: Mapping[str, str] | None = None
    english: str | None = None
    edit: Edit | None = None
    second: Second | None = None


def remembered(user: User, model: Model) -> PictureOptions:
    """Return the choices that the user made last; a model with a strength of its own has that.

    That of a borrowed model is its owner's to choose, so the user's own counts.
    """
    scale = model.lora_scale if has_own_scale(user.id, model) else None
    scale = user.lora_scale if scale is None else scale
    return PictureOptions(user.shape, user.picture_count, scale, user.kept_seed, user.size)


def has_own_scale(user_id: int, model: Model) -> bool:
    """Return whether a user's choice of strength belongs to the model."""
    return model.lora_scale is not None and model.user_id == user_id


def options_of(generation: Generation) -> PictureOptions:
    """Return the choices that a generation was asked for with."""
    return PictureOptions(
        generation.shape,
        generation.picture_count,
        generation.lora_scale,
        generation.seed,
        generation.size,
    )


def edit_of(generation: Generation) -> Edit | None:
    """Return what a generation was made of; None where it is no edit."""
    if generation.editor is None:
        return None
    return Edit(
        generation.editor,
        generation.source_picture_id,
        generation.source_file_id,
        # That of a photo is an upload that does not last.
        None if generation.source_file_id else generation.source_url,
    )


def second_of(generation: Generation) -> Second | None:
    """Return who else is in the pictures of a generation; None where that is nobody."""
    if generation.second_scale is None:
        return None
    return Second(generation.second_model_id, generation.second_scale)


def new_seed() -> int:
    """Draw a seed."""
    lowest, beyond = SEED_RANGE
    return lowest + secrets.randbelow(beyond - lowest)


def chosen(options: PictureOptions, option: PictureOption, value: str) -> PictureOptions:
    """Return the options with one of them changed to a value written as text.

    An empty seed is a new one each time; a strength may be written with a comma.

    Raises:
        ValueError: The value is not among those allowed.
    """
    match option:
        case PictureOption.SHAPE:
            return replace(options, shape=PictureShape(value))
        case PictureOption.SIZE:
            return replace(options, size=PictureSize(value.lower()))
        case PictureOption.COUNT:
            return replace(options, count=_among(PICTURE_COUNTS, int(value)))
        case PictureOption.SCALE:
            scale = float(value.replace(",", "."))
            return replace(options, lora_scale=_among(LORA_SCALES, scale))
        case PictureOption.SEED:
            return replace(options, seed=_among(SEEDS, int(value)) if value else None)


def _among(allowed: Container[T], value: T) -> T:
    if value not in allowed:
        raise ValueError(value)
    return value
