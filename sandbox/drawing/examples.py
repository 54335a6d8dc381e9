"""`python -m sandbox.drawing.examples FILE`: draws good and bad photos for a training, a JPEG.

The upper row is good, the lower one bad; the numbers are what the bot's words speak of.
"""

import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from sandbox.drawing.colors import Color
from sandbox.portraits import draw_portraits

TILE_PX = 300, 384
COLUMNS = 4
_GAP_PX, _BADGE_PX, _SMOOTHING = 10, 52, 4
_PAPER, _INK = (255, 255, 255), (34, 38, 43)
_GREEN, _RED = (46, 158, 79), (210, 59, 59)
_TICK, _CROSS = (
    (((0.27, 0.52), (0.44, 0.69), (0.74, 0.34)),),
    (((0.32, 0.32), (0.68, 0.68)), ((0.68, 0.32), (0.32, 0.68))),
)
_WOMAN, _MAN = 0, 1
_GOOD = (0, 1, 3, 4)
"""Of her portraits: from the front and from both sides, in different clothes and places."""
_EYES = ((448, 531), (618, 528))
"""Where they are on her first portrait."""


def example_photos() -> list[Image.Image]:
    """Return four good photos, then one blurred, one dark, one of two and one in dark glasses."""
    portraits = [Image.open(io.BytesIO(one)) for one in draw_portraits(_WOMAN, 8)]
    other = Image.open(io.BytesIO(draw_portraits(_MAN, 1)[0]))
    bad = (
        portraits[2].filter(ImageFilter.GaussianBlur(14)),
        ImageEnhance.Brightness(portraits[6]).enhance(0.22),
        _together(portraits[1], other),
        _in_dark_glasses(portraits[0]),
    )
    return [*(portraits[index] for index in _GOOD), *bad]


def draw_examples() -> Image.Image:
    """Return the sheet of the examples, numbered."""
    width, height = TILE_PX
    size = COLUMNS * (width + _GAP_PX) + _GAP_PX, 2 * (height + _GAP_PX) + _GAP_PX
    sheet = Image.new("RGB", size, _PAPER)
    for index, tile in enumerate(example_photos()):
        row, column = divmod(index, COLUMNS)
        at = _GAP_PX + column * (width + _GAP_PX), _GAP_PX + row * (height + _GAP_PX)
        sheet.paste(ImageOps.fit(tile, TILE_PX), at)
        _draw_number(sheet, index + 1, at)
        corner = at[0] + width - _BADGE_PX - _GAP_PX, at[1] + height - _BADGE_PX - _GAP_PX
        sheet.paste(_badge(is_good=row == 0), corner, _circle())
    return sheet


def _together(left: Image.Image, right: Image.Image) -> Image.Image:
    width, height = left.size
    pair = Image.new("RGB", left.size)
    for image, at in ((left, 0), (right, width // 2)):
        pair.paste(image.crop((width // 4, 0, width * 3 // 4, height)), (at, 0))
    return pair


def _in_dark_glasses(image: Image.Image) -> Image.Image:
    worn = image.copy()
    draw = ImageDraw.Draw(worn)
    for x, y in _EYES:
        draw.ellipse((x - 74, y - 50, x + 74, y + 50), fill=(14, 14, 16))
    draw.line([_EYES[0], _EYES[1]], fill=(14, 14, 16), width=12)
    return worn


def _draw_number(sheet: Image.Image, number: int, at: tuple[int, int]) -> None:
    draw = ImageDraw.Draw(sheet)
    box = [at[0], at[1], at[0] + 48, at[1] + 44]
    draw.rectangle(box, fill=_PAPER)
    middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    draw.text(middle, str(number), _INK, ImageFont.load_default(32), anchor="mm")


def _badge(*, is_good: bool) -> Image.Image:
    side = _BADGE_PX * _SMOOTHING
    color: Color = _GREEN if is_good else _RED
    badge = Image.new("RGB", (side, side), color)
    draw = ImageDraw.Draw(badge)
    for stroke in _TICK if is_good else _CROSS:
        points = [(x * side, y * side) for x, y in stroke]
        draw.line(points, fill=_PAPER, width=side // 9, joint="curve")
    return badge.resize((_BADGE_PX, _BADGE_PX), Image.Resampling.LANCZOS)


def _circle() -> Image.Image:
    side = _BADGE_PX * _SMOOTHING
    mask = Image.new("L", (side, side))
    ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
    return mask.resize((_BADGE_PX, _BADGE_PX), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    draw_examples().save(Path(sys.argv[1]), "JPEG", quality=82, optimize=True)
