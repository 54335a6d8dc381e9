"""What an edit shows: a photo with another place, other clothes, hair or light, the same face."""

import random
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from sandbox.drawing.canvas import Canvas, Point, vertical_gradient
from sandbox.drawing.clothes import draw_clothes
from sandbox.drawing.colors import Color, lighter
from sandbox.drawing.finish import marked
from sandbox.drawing.frame import Frame, find_frame
from sandbox.drawing.looks import CHARACTERS, Pose, Top
from sandbox.drawing.moods import Mood
from sandbox.drawing.palettes import Touch, hashed_palette
from sandbox.drawing.picture import enlarging, paint_scene
from sandbox.drawing.retouch import dye, smile, smooth
from sandbox.drawing.wishes import Wish, read_wish

DETAIL_PX = 1152
"""The longest side that is worked on; a larger picture is enlarged from it."""
_MIN_SIDE_PX = 24
_CENTERING = (0.5, 0.3)
_SEEN_ON_PERSON = 0.35
"""How much of the light of a new place falls on the person."""


@dataclass(frozen=True)
class Edit:
    """One picture to make of a photo; an unsafe one is black."""

    source: Image.Image
    prompt: str
    width: int
    height: int
    seed: int
    unsafe: bool = False
    detail_px: int = DETAIL_PX


def draw_edit(edit: Edit) -> Image.Image:
    """The changed photo, in RGB and exactly the size asked for; the same input draws the same.

    A portrait keeps its person; of any other photo the middle stays, and the rest fades into the
    new place.
    """
    wanted = edit.width, edit.height
    if edit.unsafe:
        return Image.new("RGB", wanted)
    shrink = min(1.0, edit.detail_px / max(wanted))
    size = max(1, round(wanted[0] * shrink)), max(1, round(wanted[1] * shrink))
    dice = random.Random(f"{edit.seed}|{edit.prompt}")  # noqa: S311  (drawing, no secret)
    wish = read_wish(edit.prompt)
    photo, person = _changed_person(_workable(edit.source, max(size)), wish)
    changed = ImageOps.fit(photo, size, Image.Resampling.BICUBIC, centering=_CENTERING)
    if wish.mood and person:
        mask = ImageOps.fit(person, size, Image.Resampling.BICUBIC, centering=_CENTERING)
        changed = _in_place(changed, mask, wish.mood, dice)
    changed = _lit(changed, wish, edit.prompt, dice)
    if changed.size != wanted:
        changed = changed.resize(wanted, enlarging(edit.detail_px))
    return marked(changed)


def _workable(source: Image.Image, side_px: int) -> Image.Image:
    """The photo, no larger than what becomes of it; a sliver becomes a little broader."""
    photo = source.convert("RGB")
    shrink = min(1.0, side_px / max(photo.size))
    sides = [max(_MIN_SIDE_PX, round(side * shrink)) for side in photo.size]
    return photo.resize((sides[0], sides[1]), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _changed_person(photo: Image.Image, wish: Wish) -> tuple[Image.Image, Image.Image | None]:
    """The photo with what changes on the person, and the mask of who stays, where it is needed."""
    if not (wish.mood or wish.hair or wish.smooth or wish.smiles or wish.top):
        return photo, None
    frame = find_frame(photo)
    person = frame.person(photo) if wish.mood else None
    if wish.hair:
        photo = dye(photo, frame, wish.hair)
    if wish.smooth:
        photo = smooth(photo, frame)
    if wish.smiles:
        photo = smile(photo, frame)
    if wish.top:
        dressed = _clothes(frame, wish.top, wish.cloth)
        shape = dressed.getchannel("A")
        photo = Image.composite(dressed.convert("RGB"), photo, shape)
        person = ImageChops.lighter(person, shape) if person else None
    return photo, person


def _clothes(frame: Frame, top: Top, cloth: Color) -> Image.Image:
    """New clothes where the shoulders are, on a transparent ground."""
    middle, unit = frame.head, frame.unit

    def placed(point: Point) -> Point:
        return middle[0] + point[0] * unit, middle[1] + point[1] * unit

    canvas = Canvas(frame.size, placed, unit)
    draw_clothes(canvas, CHARACTERS[0], Pose(top=top, cloth=cloth))
    return canvas.image


def _in_place(
    photo: Image.Image, mask: Image.Image, mood: Mood, dice: random.Random
) -> Image.Image:
    """The person before another place, with some of its light on them."""
    scene = paint_scene(photo.size, mood, dice)
    light = vertical_gradient(photo.size, lighter(mood.palette.light, 0.2), (255, 255, 255))
    lit = Image.blend(photo, ImageChops.multiply(photo, light), _SEEN_ON_PERSON)
    if Touch.NIGHT in mood.touches or Touch.NEON in mood.touches:
        lit = ImageEnhance.Brightness(lit).enhance(0.93)
    soft = mask.filter(ImageFilter.GaussianBlur(max(photo.size) / 600))
    return Image.composite(lit, scene, soft)


def _lit(image: Image.Image, wish: Wish, prompt: str, dice: random.Random) -> Image.Image:
    """Light, contrast and colours of the whole; no two seeds expose quite alike."""
    light, share = wish.light, 0.5
    if wish.is_empty:
        light, share = hashed_palette(prompt).accent, 0.3
    if light:
        tint = vertical_gradient(image.size, light, lighter(light, 0.5))
        image = Image.blend(image, ImageChops.soft_light(image, tint), share)
        image = Image.blend(image, ImageChops.multiply(image, tint), share * 0.6)
    if wish.contrast:
        image = ImageEnhance.Contrast(image).enhance(1 + wish.contrast)
    exposure = 1 + wish.brightness + dice.uniform(-0.03, 0.03)
    image = ImageEnhance.Brightness(image).enhance(exposure)
    if wish.grey:
        image = ImageOps.autocontrast(image.convert("L"), cutoff=1).convert("RGB")
    return image
