"""Who the drawn people are, and how one picture of them differs from the next."""

from dataclasses import dataclass, replace
from enum import StrEnum

from sandbox.drawing.colors import Color


class Hair(StrEnum):
    """Cuts of hair."""

    LONG = "long"
    SHORT = "short"
    TOUSLED = "tousled"


class Mouth(StrEnum):
    """Expressions of the mouth."""

    CALM = "calm"
    SMILE = "smile"
    GRIN = "grin"


class Top(StrEnum):
    """Clothes."""

    CREW = "crew"
    V_NECK = "v-neck"
    SHIRT = "shirt"
    JACKET = "jacket"
    TURTLENECK = "turtleneck"


@dataclass(frozen=True)
class Look:
    """What stays the same in every picture of a person."""

    skin: Color
    hair_color: Color
    hair: Hair
    eyes: Color
    lips: Color
    brow_width: float
    jaw: float
    bearded: bool = False
    freckled: bool = False
    lashes: bool = False
    faceless: bool = False


@dataclass(frozen=True)
class Pose:
    """What differs from picture to picture.

    `yaw` -1 to 1 turns the head (right is positive), `roll` tilts it in radians, `light` is the
    side the light comes from, -1 or 1, `open_eyes` is 0.6 (a laugh) to 1.
    """

    yaw: float = 0.0
    roll: float = 0.0
    mouth: Mouth = Mouth.SMILE
    open_eyes: float = 1.0
    brow_lift: float = 0.0
    light: int = -1
    top: Top = Top.CREW
    cloth: Color = (96, 128, 150)


CHARACTERS: tuple[Look, ...] = (
    Look(
        skin=(236, 190, 162),
        hair_color=(58, 38, 40),
        hair=Hair.LONG,
        eyes=(98, 66, 46),
        lips=(196, 92, 92),
        brow_width=0.052,
        jaw=0.94,
        lashes=True,
    ),
    Look(
        skin=(216, 166, 132),
        hair_color=(74, 50, 40),
        hair=Hair.SHORT,
        eyes=(78, 108, 132),
        lips=(178, 104, 94),
        brow_width=0.085,
        jaw=1.06,
        bearded=True,
    ),
    Look(
        skin=(247, 212, 192),
        hair_color=(196, 88, 46),
        hair=Hair.TOUSLED,
        eyes=(92, 128, 88),
        lips=(208, 112, 104),
        brow_width=0.06,
        jaw=0.98,
        freckled=True,
    ),
)
"""A woman with long dark hair, a man with a beard, a person with short red hair."""


SOMEBODY_ELSE = Look(
    skin=(60, 38, 30),
    hair_color=(240, 240, 244),
    hair=Hair.SHORT,
    eyes=(200, 200, 190),
    lips=(60, 30, 30),
    brow_width=0.2,
    jaw=1.35,
    bearded=True,
)
"""An old man with a white beard, whom nobody takes for one of the others."""


def stranger(hair: Hair, tone: Color) -> Look:
    """A generic figure without a face, all in shades of one tone."""
    return replace(
        CHARACTERS[0],
        skin=tone,
        hair_color=(tone[0] * 2 // 3, tone[1] * 2 // 3, tone[2] * 2 // 3),
        hair=hair,
        faceless=True,
    )
