"""Labelled photos for the coach, made of the sandbox's drawn portraits (MIT like the rest)."""

import io
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from sandbox.portraits import draw_portrait
from tests.made_once import made_once

WOMAN, MAN, OTHER = 0, 1, 2
SIZE = (960, 1280)
PORTRAITS = 10


@cache
def portraits(character: int) -> tuple[bytes, ...]:
    return tuple(portrait(character, index) for index in range(PORTRAITS))


@cache
def portrait(character: int, index: int) -> bytes:
    name = f"portrait-{character}-{index}"
    return made_once(name, lambda: draw_portrait(character, index))()


def picture(character: int, index: int = 0) -> Image.Image:
    return Image.open(io.BytesIO(portrait(character, index))).convert("RGB")


def jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def blurred(image: Image.Image) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(4))


def lit(image: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(factor)


def two_people(left: Image.Image, right: Image.Image) -> Image.Image:
    pair = Image.new("RGB", (2 * SIZE[0], SIZE[1]))
    pair.paste(left, (0, 0))
    pair.paste(right, (SIZE[0], 0))
    return pair


def far_away(image: Image.Image) -> Image.Image:
    wide = Image.new("RGB", (2000, 2667), "#cfd8cf")
    wide.paste(image.resize((360, 480)), (800, 1000))
    return wide


def stranger() -> Image.Image:
    """Somebody whom SFace finds less alike to the woman and the man (0.2) than they are (0.7)."""
    return picture(OTHER, 3).resize((1400, 1280))


def in_dark_glasses(image: Image.Image) -> Image.Image:
    """Painted where the eyes of the woman's first portrait are."""
    worn = image.copy()
    draw = ImageDraw.Draw(worn)
    for x in (407, 552):
        draw.ellipse((x - 62, 495 - 40, x + 62, 495 + 40), fill=(14, 14, 16))
    return worn


def cat() -> Image.Image:
    """A cat, about as good as everybody draws one."""
    image = Image.new("RGB", SIZE, "#b7c4a1")
    draw = ImageDraw.Draw(image)
    draw.ellipse((260, 560, 700, 1200), fill="#6b5b4b")
    draw.ellipse((300, 300, 660, 660), fill="#7a6a58")
    for ear in ((310, 400, 350, 200, 450, 330), (650, 400, 610, 200, 510, 330)):
        draw.polygon([ear[0:2], ear[2:4], ear[4:6]], fill="#7a6a58")
    for x in (400, 560):
        draw.ellipse((x - 34, 430, x + 34, 490), fill="#d8e070")
        draw.ellipse((x - 8, 430, x + 8, 490), fill="#101010")
    draw.polygon([(460, 545), (500, 545), (480, 570)], fill="#d09090")
    return image


NOBODY: dict[str, Callable[[], Image.Image]] = {
    "black": lambda: Image.new("RGB", SIZE),
    "white": lambda: Image.new("RGB", SIZE, "white"),
    "cat": cat,
    "noise": lambda: Image.effect_noise(SIZE, 90).convert("RGB"),
    "back of a head": lambda: picture(WOMAN).crop((0, 900, 960, 1280)).resize(SIZE),
}


def twenty_bad_photos() -> list[bytes]:
    """Return five photos each of nobody and of too little, too dark and moved; the man's."""
    man = [picture(MAN, index) for index in range(5)]
    return [
        *(jpeg(make()) for make in NOBODY.values()),
        *(jpeg(far_away(one)) for one in man),
        *(jpeg(lit(one, 0.3)) for one in man),
        *(jpeg(blurred(one)) for one in man),
    ]
