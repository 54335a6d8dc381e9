"""Cutting a person out of a photo without any model: a bust shape and the background's colours."""

import functools
import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat

from sandbox.drawing.canvas import Point
from sandbox.drawing.looks import Hair, Pose, Top, stranger
from sandbox.drawing.person import draw_person

RATIO = 3 / 4
"""Width by height of a portrait."""
_CALM_ENOUGH = 0.2
_MIN_WIDTH_PX = 48
_OVERSAMPLING = 1.5
_DIFFERENCE = 22.0
"""A pixel this far from a calm background's colour (0 to 255) belongs to the person."""
_BUSY = 26.0
"""With a background that varies this much (standard deviation), only a narrow bust is kept."""

# Right halves of the shoulders in parts of width (from the middle) and height (from the top).
_WIDE_SHOULDERS = [(0.12, 0.65), (0.25, 0.70), (0.385, 0.765), (0.465, 0.85), (0.50, 1.02)]
_NARROW_SHOULDERS = [(0.10, 0.70), (0.23, 0.755), (0.35, 0.81), (0.42, 0.90), (0.45, 1.02)]


@functools.lru_cache(maxsize=8)
def cut_person(photo: bytes, highest_px: int) -> Image.Image:
    """The person of a photo on a transparent ground, 3:4, at the size of the photo.

    A face is expected in the middle of the upper half, as in portraits. It is kept for the next
    picture of the same photo: to be copied, not changed.

    Args:
        photo: The file.
        highest_px: The person is no higher, as a sketch shows no more.
    """
    with Image.open(io.BytesIO(photo)) as opened:
        image = opened.convert("RGB")
    most = min(image.width, round(min(image.height, highest_px) * RATIO))
    wide = max(_MIN_WIDTH_PX, most)
    high = round(wide / RATIO)
    image = ImageOps.fit(image, (wide, high), Image.Resampling.LANCZOS, centering=(0.5, 0.25))
    image.putalpha(mask_person(image))
    return image


def mask_person(image: Image.Image) -> Image.Image:
    """Surely the person of a portrait, and whatever around it is unlike the background."""
    size = image.size
    guess, busy = _background(image)
    # The busier the background, the less its colours say, and the narrower the bust.
    calm = max(0.0, 1 - busy / _BUSY)
    near = _bust(
        size,
        (0.235 + 0.06 * calm, 0.28 + 0.055 * calm),
        [(x * (0.93 + 0.07 * calm), y) for x, y in _WIDE_SHOULDERS],
    )
    if calm > _CALM_ENOUGH:
        near = ImageChops.lighter(near, _long_hair(size))
    sure = _bust(size, (0.23 - 0.035 * calm, 0.275 - 0.04 * calm), _NARROW_SHOULDERS)
    differs = _unlike(image, guess, _DIFFERENCE + 0.8 * busy)
    mask = ImageChops.lighter(sure, ImageChops.multiply(near, differs))
    # Opening and closing remove crumbs and holes; the blur feathers the edge.
    mask = mask.filter(ImageFilter.MinFilter(3)).filter(ImageFilter.MedianFilter(7))
    mask = mask.filter(ImageFilter.MaxFilter(3))
    return mask.filter(ImageFilter.GaussianBlur(size[0] / 220))


def unlike_edges(image: Image.Image) -> Image.Image:
    """White where a photo differs from what its left and right edges show."""
    guess, busy = _background(image)
    return _unlike(image, guess, _DIFFERENCE + 0.8 * busy)


def _bust(size: tuple[int, int], head: tuple[float, float], shoulders: list[Point]) -> Image.Image:
    """An oval for the head and a shape for neck and shoulders."""
    width, height = size
    mask = Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    x, y = 0.5 * width, 0.42 * height
    rx, ry = head[0] * width, head[1] * height
    draw.ellipse((x - rx, y - ry, x + rx, y + ry), fill=255)
    right = [(0.11, 0.45), *shoulders]
    left = [(-across, down) for across, down in reversed(right)]
    body = [(x + across * width, down * height) for across, down in (*right, *left)]
    draw.polygon(body, fill=255)
    return mask


def _long_hair(size: tuple[int, int]) -> Image.Image:
    """Where long hair falls beside the neck."""
    width, height = size
    mask = Image.new("L", size)
    box = (0.2 * width, 0.4 * height, 0.8 * width, 0.82 * height)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius=0.1 * width, fill=255)
    return mask


def _background(image: Image.Image) -> tuple[Image.Image, float]:
    """What lies between the left and the right edge of each row, and how much the edges vary."""
    width, height = image.size
    edge = max(1, width // 20)
    # The lower rows show shoulders at the edges, so the upper part speaks for them.
    sample = round(height * 0.62)
    strips = [image.crop((x, 0, x + edge, sample)) for x in (0, width - edge)]
    pair = Image.new("RGB", (2, sample))
    for column, strip in enumerate(strips):
        blurred = strip.filter(ImageFilter.GaussianBlur(2)).resize((1, sample))
        pair.paste(blurred, (column, 0))
    guess = Image.new("RGB", image.size)
    guess.paste(pair.resize((width, sample), Image.Resampling.BILINEAR))
    last = pair.crop((0, sample - 1, 2, sample)).resize((width, height - sample))
    guess.paste(last, (0, sample))
    # A smooth way from top to bottom is calm; what differs from a blurred self is not.
    rough = (
        ImageChops.difference(strip, strip.filter(ImageFilter.GaussianBlur(height / 12)))
        for strip in strips
    )
    busy = max(max(ImageStat.Stat(strip).rms) for strip in rough)
    return guess, busy


def _unlike(image: Image.Image, guess: Image.Image, limit: float) -> Image.Image:
    """White where two pictures differ by more than the limit in any colour."""
    calm = image.filter(ImageFilter.GaussianBlur(1))
    red, green, blue = ImageChops.difference(calm, guess).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([255 if value > limit else 0 for value in range(256)])


def draw_stranger(dice: random.Random, height: int) -> Image.Image:
    """A generic figure without a face, on a transparent ground, 3:4; `height` in pixels."""
    tones = [(176, 170, 178), (168, 178, 180), (188, 178, 166)]
    look = stranger(dice.choice(list(Hair)), dice.choice(tones))
    pose = Pose(
        yaw=dice.uniform(-0.4, 0.4),
        roll=dice.uniform(-0.06, 0.06),
        light=dice.choice([-1, 1]),
        top=dice.choice([Top.CREW, Top.SHIRT, Top.JACKET]),
        cloth=dice.choice([(112, 116, 128), (128, 120, 116), (104, 118, 120)]),
    )
    large = max(64, round(height * _OVERSAMPLING))
    size = round(large * RATIO), large
    drawn = draw_person(size, (size[0] / 2, large * 0.43), large * 0.198, look, pose)
    return drawn.resize((max(1, round(height * RATIO)), height), Image.Resampling.LANCZOS)
