"""Sample portraits: drawn people for anyone who has no photos at hand."""

import io
import random

from PIL import Image, ImageChops

from sandbox.drawing.backdrops import Backdrop, draw_backdrop
from sandbox.drawing.colors import Color
from sandbox.drawing.looks import CHARACTERS, SOMEBODY_ELSE, Look, Mouth, Pose, Top
from sandbox.drawing.person import draw_person

WIDTH_PX, HEIGHT_PX = 960, 1280
_BROAD_PX = 1500
_OVERSAMPLING = 1.5
_TINTS: tuple[Color, ...] = (
    (255, 255, 255),
    (255, 244, 226),
    (246, 248, 255),
    (255, 236, 222),
    (250, 255, 246),
)
_CLOTHES: tuple[Color, ...] = (
    (94, 126, 148),
    (188, 92, 78),
    (226, 208, 178),
    (74, 92, 84),
    (206, 150, 76),
    (68, 70, 96),
    (168, 120, 138),
    (232, 228, 220),
    (116, 84, 70),
    (90, 140, 132),
)


def draw_portraits(character: int, count: int, seed: int = 0) -> list[bytes]:
    """Portraits of one drawn person, all different.

    Args:
        character: 0, a woman with long dark hair; 1, a man with a beard; 2, a person with short
            red hair.
        count: How many.
        seed: The same seed draws the same pictures.

    Returns:
        JPEG files of 960 x 1280 pixels that differ in angle, light, expression, clothes and place.

    Raises:
        ValueError: There is no such character.
    """
    return [draw_portrait(character, index, seed) for index in range(count)]


def draw_portrait(character: int, index: int, seed: int = 0) -> bytes:
    """One of the portraits that `draw_portraits` draws, by its index in them.

    Raises:
        ValueError: There is no such character.
    """
    if not 0 <= character < len(CHARACTERS):
        raise ValueError(f"character must be 0 to {len(CHARACTERS) - 1}")
    return _portrait(CHARACTERS[character], index, f"{character}:{seed}:{index}", seed)


def draw_somebody_else(count: int) -> list[bytes]:
    """Portraits of a person who looks like none of the characters, as JPEG files.

    All drawn faces resemble one another: networks that compare faces find the three characters
    half as alike as two pictures of one, and only a broad face on top of other colours somebody
    else's (SFace's cosine 0.04 to 0.28, where two people begin at 0.40).
    """
    drawn = (_portrait(SOMEBODY_ELSE, index, f"x:{index}", 0) for index in range(count))
    return [_broad(portrait) for portrait in drawn]


def _broad(portrait: bytes) -> bytes:
    with Image.open(io.BytesIO(portrait)) as image:
        broad = image.resize((_BROAD_PX, HEIGHT_PX))
    buffer = io.BytesIO()
    broad.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _portrait(look: Look, index: int, key: str, seed: int) -> bytes:
    dice = random.Random(key)  # noqa: S311  (drawing, not a secret)
    size = round(WIDTH_PX * _OVERSAMPLING), round(HEIGHT_PX * _OVERSAMPLING)
    places = list(Backdrop)
    place = places[(index + seed) % len(places)]
    image = draw_backdrop(size, place, dice).convert("RGBA")
    unit = size[1] * dice.uniform(0.185, 0.215)
    head = size[0] * dice.uniform(0.46, 0.54), size[1] * dice.uniform(0.41, 0.45)
    person = draw_person(size, head, unit, look, _pose(index, dice))
    image = Image.alpha_composite(image, person).convert("RGB")
    image = image.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS)
    tint = _TINTS[(index + seed) % len(_TINTS)]
    image = ImageChops.multiply(image, Image.new("RGB", image.size, tint))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _pose(index: int, dice: random.Random) -> Pose:
    """Expressions and clothes go round, so that few pictures already differ in all."""
    mouths, tops = list(Mouth), list(Top)
    mouth = mouths[(index + 1) % len(mouths)]
    return Pose(
        yaw=dice.choice([-0.9, -0.5, 0.0, 0.5, 0.9]) + dice.uniform(-0.1, 0.1),
        roll=dice.uniform(-0.11, 0.11),
        mouth=mouth,
        open_eyes=0.78 if mouth is Mouth.GRIN else dice.uniform(0.92, 1.05),
        brow_lift=dice.uniform(-0.01, 0.045),
        light=dice.choice([-1, 1]),
        top=tops[index % len(tops)],
        cloth=_CLOTHES[(index * 3 + dice.randrange(2)) % len(_CLOTHES)],
    )
