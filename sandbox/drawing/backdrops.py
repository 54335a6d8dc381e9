"""Backgrounds of the sample portraits: soft places out of focus."""

import random
from enum import StrEnum

from PIL import Image, ImageDraw, ImageFilter

from sandbox.drawing.canvas import vertical_gradient
from sandbox.drawing.colors import Color, darker, lighter, mix


class Backdrop(StrEnum):
    """Places where the sample portraits are taken."""

    STUDIO = "studio"
    WINDOW = "window"
    PARK = "park"
    SUNSET = "sunset"
    SHELVES = "shelves"
    LIGHTS = "lights"
    SEA = "sea"
    WALL = "wall"


_SKIES: dict[Backdrop, tuple[Color, Color]] = {
    Backdrop.STUDIO: ((226, 214, 204), (176, 158, 150)),
    Backdrop.WINDOW: ((240, 232, 216), (206, 188, 168)),
    Backdrop.PARK: ((206, 228, 196), (122, 158, 104)),
    Backdrop.SUNSET: ((250, 196, 140), (206, 108, 108)),
    Backdrop.SHELVES: ((170, 134, 106), (116, 86, 70)),
    Backdrop.LIGHTS: ((40, 44, 76), (92, 60, 92)),
    Backdrop.SEA: ((188, 222, 236), (236, 222, 194)),
    Backdrop.WALL: ((150, 186, 182), (108, 146, 148)),
}
_SHRINK = 4


def draw_backdrop(size: tuple[int, int], backdrop: Backdrop, dice: random.Random) -> Image.Image:
    """A background of this size in pixels, drawn small and blurred, as a wide lens shows it."""
    width, height = size[0] // _SHRINK, size[1] // _SHRINK
    top, bottom = _SKIES[backdrop]
    image = vertical_gradient((width, height), top, bottom)
    draw = ImageDraw.Draw(image)
    blur = _DETAILS[backdrop](draw, (width, height), (top, bottom), dice)
    image = image.filter(ImageFilter.GaussianBlur(blur * width))
    return image.resize(size, Image.Resampling.BILINEAR)


_Tones = tuple[Color, Color]
_Size = tuple[int, int]


def _spot(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, color: Color) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def _plain(draw: ImageDraw.ImageDraw, size: _Size, tones: _Tones, dice: random.Random) -> float:
    x = size[0] * dice.uniform(0.25, 0.75)
    _spot(draw, x, size[1] * 0.36, size[0] * 0.44, lighter(tones[0], 0.2))
    return 0.14


def _window(draw: ImageDraw.ImageDraw, size: _Size, tones: _Tones, dice: random.Random) -> float:
    width, height = size
    left = width * dice.choice([-0.1, 0.55])
    frame = (left, -height * 0.1, left + width * 0.55, height * 0.62)
    draw.rectangle(frame, fill=(253, 249, 238))
    draw.rectangle((left + width * 0.26, 0, left + width * 0.285, height * 0.62), fill=tones[1])
    draw.rectangle((left, height * 0.28, left + width * 0.55, height * 0.3), fill=tones[1])
    _spot(draw, width - left, height * 0.75, width * 0.16, (150, 172, 132))
    return 0.022


def _park(draw: ImageDraw.ImageDraw, size: _Size, tones: _Tones, dice: random.Random) -> float:
    for _ in range(34):
        tone = mix(tones[0], darker(tones[1], 0.25), dice.random())
        x, y = dice.random() * size[0], dice.random() * size[1] * 0.75
        _spot(draw, x, y, size[0] * dice.uniform(0.05, 0.16), tone)
    for _ in range(10):
        x, y = dice.random() * size[0], dice.random() * size[1] * 0.45
        _spot(draw, x, y, size[0] * dice.uniform(0.02, 0.05), (250, 248, 214))
    return 0.03


def _sunset(draw: ImageDraw.ImageDraw, size: _Size, tones: _Tones, dice: random.Random) -> float:
    width, height = size
    _spot(draw, width * dice.choice([0.15, 0.85]), height * 0.34, width * 0.17, (255, 240, 196))
    for layer in range(3):
        top = height * (0.52 + 0.1 * layer)
        tone = darker(tones[1], 0.15 + 0.14 * layer)
        points = [
            (width * step / 6, top + dice.uniform(-0.04, 0.04) * height) for step in range(7)
        ]
        draw.polygon([(0, height), *points, (width, height)], fill=tone)
    return 0.016


def _shelves(draw: ImageDraw.ImageDraw, size: _Size, tones: _Tones, dice: random.Random) -> float:
    width, height = size
    books: list[Color] = [(176, 84, 70), (212, 176, 112), (84, 112, 120), (226, 214, 190)]
    for row in range(5):
        floor, x = height * (0.2 + 0.2 * row), 0.0
        while x < width:
            wide = width * dice.uniform(0.03, 0.07)
            top = floor - height * dice.uniform(0.1, 0.16)
            draw.rectangle((x, top, x + wide, floor), fill=darker(dice.choice(books), 0.18))
            x += wide
        draw.rectangle((0, floor, width, floor + height * 0.02), fill=darker(tones[1], 0.3))
    return 0.014


def _lights(draw: ImageDraw.ImageDraw, size: _Size, tones: _Tones, dice: random.Random) -> float:
    glow: list[Color] = [(255, 206, 130), (250, 160, 110), (160, 196, 250), (240, 130, 150)]
    for _ in range(26):
        tone = mix(tones[1], dice.choice(glow), dice.uniform(0.35, 0.9))
        x, y = dice.random() * size[0], dice.random() * size[1] * 0.8
        _spot(draw, x, y, size[0] * dice.uniform(0.02, 0.06), tone)
    return 0.009


def _sea(draw: ImageDraw.ImageDraw, size: _Size, tones: _Tones, dice: random.Random) -> float:
    width, height = size
    horizon = height * dice.uniform(0.42, 0.5)
    draw.rectangle((0, horizon, width, height * 0.74), fill=(112, 172, 190))
    draw.rectangle((0, height * 0.70, width, height * 0.74), fill=(236, 244, 240))
    draw.rectangle((0, height * 0.74, width, height), fill=tones[1])
    return 0.012


_DETAILS = {
    Backdrop.STUDIO: _plain,
    Backdrop.WINDOW: _window,
    Backdrop.PARK: _park,
    Backdrop.SUNSET: _sunset,
    Backdrop.SHELVES: _shelves,
    Backdrop.LIGHTS: _lights,
    Backdrop.SEA: _sea,
    Backdrop.WALL: _plain,
}
