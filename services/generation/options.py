"""What can be chosen for a picture besides its prompt."""

from dataclasses import dataclass

from db.tables import User
from db.vocabulary import PictureShape


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


@dataclass(frozen=True)
class PictureRequest:
    """A prompt, without the trigger word, and how to make it."""

    prompt: str
    options: PictureOptions


def remembered(user: User) -> PictureOptions:
    """Give the choices that the user made last."""
    return PictureOptions(user.shape, user.picture_count, user.lora_scale, user.kept_seed)
