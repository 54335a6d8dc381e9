"""What a generation shows: people in a painted place, by prompt, seed, size and LoRA scale."""

import io
import random
from dataclasses import dataclass

from PIL import (
    Image,
    ImageChops,
    ImageFilter,
    ImageOps,
)

from sandbox.drawing.brush import Brush
from sandbox.drawing.canvas import vertical_gradient
from sandbox.drawing.colors import lighter, mix
from sandbox.drawing.cutout import cut_person, draw_stranger
from sandbox.drawing.finish import OVERCOOKED, finish, marked, overcook
from sandbox.drawing.moods import Mood, read_mood
from sandbox.drawing.palettes import Palette
from sandbox.drawing.scenes import PAINTERS

FULL_LIKENESS = 0.8
"""From this LoRA scale on it is wholly the person; below, a stranger shines through."""
DETAIL_PX = 1536
"""The longest side that is painted; a larger picture is enlarged from it."""
SKETCH_PX = 128
"""The same where nobody looks at the pictures: many times quicker."""
_STRANGER_PX = 640
_OVERSAMPLING = 1.5
_RATIO = 3 / 4


@dataclass(frozen=True)
class Sitter:
    """The trained person: JPEG photos and the LoRA scale (0 to 4)."""

    photos: tuple[bytes, ...]
    scale: float


@dataclass(frozen=True)
class Picture:
    """One picture to draw; without sitters it shows a stranger, an unsafe one is black.

    Several sitters stand side by side, in their order.
    """

    prompt: str
    width: int
    height: int
    seed: int
    sitters: tuple[Sitter, ...]
    unsafe: bool = False
    detail_px: int = DETAIL_PX


def draw_picture(picture: Picture) -> Image.Image:
    """The picture, in RGB and exactly the size asked for; the same input draws the same."""
    if picture.unsafe:
        return Image.new("RGB", (picture.width, picture.height))
    return marked(paint_picture(picture))


def paint_picture(picture: Picture) -> Image.Image:
    """The picture without the mark of the sandbox."""
    wanted = picture.width, picture.height
    shrink = min(1.0, picture.detail_px / max(wanted))
    size = max(1, round(wanted[0] * shrink)), max(1, round(wanted[1] * shrink))
    dice = random.Random(f"{picture.seed}|{picture.prompt}")  # noqa: S311  (drawing, no secret)
    mood = read_mood(picture.prompt)
    scene = paint_scene(size, mood, dice)
    sitters = picture.sitters or (None,)
    figures = [_figure(sitter, picture, size[1], dice) for sitter in sitters]
    for number, figure in enumerate(figures):
        _place_person(scene, figure, mood, dice, (number, len(figures)))
    finished = finish(scene, mood, dice)
    strongest = max((sitter.scale for sitter in picture.sitters), default=0.0)
    if strongest > OVERCOOKED:
        finished = overcook(finished, strongest)
    if finished.size != wanted:
        finished = finished.resize(wanted, enlarging(picture.detail_px))
    return finished


def enlarging(detail_px: int) -> Image.Resampling:
    """How a picture of so much detail is enlarged: a sketch by squares, at no cost."""
    return Image.Resampling.NEAREST if detail_px <= SKETCH_PX else Image.Resampling.BICUBIC


def encode(image: Image.Image, picture_format: str) -> bytes:
    """The file of a picture; the format is jpeg, png or webp."""
    buffer = io.BytesIO()
    options = {"compress_level": 3} if picture_format == "png" else {"quality": 92}
    image.save(buffer, picture_format.upper(), **options)
    return buffer.getvalue()


def paint_scene(size: tuple[int, int], mood: Mood, dice: random.Random) -> Image.Image:
    """The place of a mood, without anybody."""
    large = round(size[0] * _OVERSAMPLING), round(size[1] * _OVERSAMPLING)
    image = vertical_gradient(large, mood.palette.top, mood.palette.horizon)
    brush = Brush(image, mood.palette, mood.touches, dice)
    PAINTERS[mood.place](brush)
    scene = brush.image.resize(size, Image.Resampling.LANCZOS)
    # A lens focused on the person leaves the place a little soft.
    return scene.filter(ImageFilter.GaussianBlur(size[1] / 420))


def _figure(
    sitter: Sitter | None, picture: Picture, height: int, dice: random.Random
) -> Image.Image:
    """The sitter, a stranger, or something between them when the scale is low."""
    if sitter is None or not sitter.photos or sitter.scale <= 0:
        return draw_stranger(dice, min(height, _STRANGER_PX))
    photo = sitter.photos[picture.seed % len(sitter.photos)]
    person = cut_person(photo, picture.detail_px)
    if sitter.scale >= FULL_LIKENESS:
        return person
    other = draw_stranger(dice, person.height).resize(person.size)
    return Image.blend(other, person, sitter.scale / FULL_LIKENESS)


def _place_person(
    scene: Image.Image,
    figure: Image.Image,
    mood: Mood,
    dice: random.Random,
    place: tuple[int, int],
) -> None:
    """Put a figure into its part of the scene; a place is a number and how many there are."""
    number, count = place
    width, height = scene.width // count, scene.height
    high = height * dice.uniform(0.84, 0.95)
    if width < height:
        high = min(high, width / _RATIO * dice.uniform(1.02, 1.14))
    target = round(high * _RATIO), round(high)
    if dice.random() < 0.5:
        figure = ImageOps.mirror(figure)
    figure = _painted(figure.resize(target, Image.Resampling.BICUBIC), mood.palette)
    swing = 0.14 if width > height else 0.04
    left = round((width - target[0]) / 2 + width * dice.uniform(-swing, swing)) + number * width
    top = height - target[1]
    alpha = figure.getchannel("A")
    halo = alpha.filter(ImageFilter.GaussianBlur(height / 50)).point(
        [v * 2 // 5 for v in range(256)]
    )
    scene.paste(mix(mood.palette.near, (20, 14, 30), 0.6), (left, top + height // 90), halo)
    scene.paste(figure.convert("RGB"), (left, top), alpha)


def _painted(figure: Image.Image, palette: Palette) -> Image.Image:
    """A soft brush over the photo, and the light of the place on it."""
    alpha = figure.getchannel("A")
    color = figure.convert("RGB").filter(ImageFilter.MedianFilter(5))
    color = color.filter(ImageFilter.UnsharpMask(radius=3, percent=90, threshold=2))
    light = vertical_gradient(
        figure.size, lighter(palette.light, 0.35), mix(palette.near, (255, 255, 255), 0.45)
    )
    lit = ImageChops.multiply(color, light)
    color = Image.blend(color, lit, 0.55)
    color.putalpha(alpha)
    return color
