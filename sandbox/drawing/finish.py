"""The last touches on a picture: weather, light, film, burnt weights, and the mark."""

import functools
import random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from sandbox.drawing.canvas import vertical_gradient
from sandbox.drawing.moods import Mood
from sandbox.drawing.palettes import Touch

MARK = "sandbox"
OVERCOOKED = 1.5
"""Beyond this scale a real LoRA burns the picture, and so does this one."""


def finish(scene: Image.Image, mood: Mood, dice: random.Random) -> Image.Image:
    """Weather, light and film over the whole picture."""
    if Touch.WINTER in mood.touches:
        _snow(scene, dice)
    grade = vertical_gradient(scene.size, mood.palette.light, mood.palette.near)
    scene = Image.blend(scene, ImageChops.soft_light(scene, grade), 0.35)
    scene = ImageChops.multiply(scene, _vignette(scene.size))
    scene = _grained(scene, dice)
    if Touch.CINEMATIC in mood.touches:
        scene = _cinematic(scene)
    if Touch.MONOCHROME in mood.touches:
        scene = ImageOps.colorize(scene.convert("L"), (16, 14, 18), (250, 246, 240))
    return scene


def _snow(scene: Image.Image, dice: random.Random) -> None:
    width, height = scene.size
    flakes = Image.new("L", scene.size)
    draw = ImageDraw.Draw(flakes)
    for _ in range(150):
        x, y, radius = (
            dice.random() * width,
            dice.random() * height,
            height * dice.uniform(0.001, 0.006),
        )
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=dice.randint(120, 235))
    scene.paste((255, 255, 255), mask=flakes.filter(ImageFilter.GaussianBlur(height / 900)))


def _vignette(size: tuple[int, int]) -> Image.Image:
    fall = Image.radial_gradient("L").point([255 - max(0, v - 110) // 3 for v in range(256)])
    return fall.resize(size, Image.Resampling.BILINEAR).convert("RGB")


def _grained(scene: Image.Image, dice: random.Random) -> Image.Image:
    """Fine paper under the paint; drawn from the dice, so that a seed repeats it."""
    width, height = scene.size[0] // 2 + 1, scene.size[1] // 2 + 1
    noise = Image.frombytes("L", (width, height), dice.randbytes(width * height))
    paper = noise.point([120 + v // 16 for v in range(256)]).resize(scene.size)
    return ImageChops.overlay(scene, paper.convert("RGB"))


def _cinematic(scene: Image.Image) -> Image.Image:
    """Teal shadows, orange light, and bars above and below."""
    toned = ImageOps.colorize(
        scene.convert("L"), (8, 30, 40), (255, 226, 186), mid=(134, 122, 112)
    )
    graded = ImageEnhance.Contrast(Image.blend(scene, toned, 0.45)).enhance(1.12)
    bar = round(scene.height * 0.085)
    draw = ImageDraw.Draw(graded)
    draw.rectangle((0, 0, scene.width, bar), fill=(6, 6, 8))
    draw.rectangle((0, scene.height - bar, scene.width, scene.height), fill=(6, 6, 8))
    return graded


def overcook(image: Image.Image, scale: float) -> Image.Image:
    """Harsh colours and hard edges, more of them the further the scale goes."""
    heat = min(1.0, (scale - OVERCOOKED) / 1.5)
    burnt = ImageEnhance.Color(image).enhance(1.5 + heat)
    burnt = ImageEnhance.Contrast(burnt).enhance(1.25 + 0.5 * heat)
    burnt = ImageOps.posterize(burnt, 4 if heat < 0.5 else 3)
    return burnt.filter(ImageFilter.UnsharpMask(radius=4, percent=round(180 + 160 * heat)))


@functools.cache
def _font(text_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(text_px)


def marked(image: Image.Image) -> Image.Image:
    """The small mark in the lower right corner that says what this is."""
    text_px = max(9, min(image.size) // 38)
    font = _font(text_px)
    left, top, right, bottom = font.getbbox(MARK)
    pad = text_px * 0.55
    wide, high = right - left + 2 * pad, bottom - top + 1.3 * pad
    x, y = image.width - wide - pad, image.height - high - pad
    corner = int(x), int(y)
    pill = Image.new("L", (image.width - corner[0], image.height - corner[1]))
    box = (x - corner[0], y - corner[1], x - corner[0] + wide, y - corner[1] + high)
    ImageDraw.Draw(pill).rounded_rectangle(box, radius=high / 2, fill=120)
    image.paste((20, 18, 26), corner, pill)
    place = (x + pad - left, y + 0.65 * pad - top)
    ImageDraw.Draw(image).text(place, MARK, font=font, fill=(255, 250, 244))
    return image
