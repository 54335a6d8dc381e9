"""Draw a contact sheet: numbered thumbnails, each with its verdict and the reason for it."""

import io
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from services.photos.tile import THUMBNAIL_PX, Mark, Tile

# Pillow's built-in font has no Cyrillic, and the machine may have no fonts at all.
_FONT = Path(__file__).parent / "font" / "DejaVuSans-subset.ttf"
_NUMBER_FONT_PX, _WORDS_FONT_PX = 26, 19
_WORDS_LINES = 2
_LINE_PX = 24
_GAP_PX = 12
_BADGE_PX = 44
_SMOOTHING = 4
_FEWEST_COLUMNS = 5
_JPEG_QUALITY = 85

_PAPER, _NOTHING, _INK, _LABEL = "#ffffff", "#d9dce1", "#22262b", "#22262bcc"
_GREEN, _AMBER, _RED, _GREY = "#2e9e4f", "#e08a00", "#d23b3b", "#7a828c"
_COLOURS = {
    Mark.ACCEPTED: _GREEN,
    Mark.WARNING: _AMBER,
    Mark.REFUSED: _RED,
    Mark.PENDING: _GREY,
}

# Lines of the marks on a badge of side 1: a tick, a stroke with a dot, a cross, three
# dots drawn as short lines.
_STROKES = {
    Mark.ACCEPTED: (((0.28, 0.52), (0.44, 0.68), (0.73, 0.35)),),
    Mark.WARNING: (((0.5, 0.26), (0.5, 0.56)), ((0.5, 0.71), (0.5, 0.77))),
    Mark.REFUSED: (((0.33, 0.33), (0.67, 0.67)), ((0.67, 0.33), (0.33, 0.67))),
    Mark.PENDING: tuple(((x - 0.03, 0.5), (x + 0.03, 0.5)) for x in (0.28, 0.5, 0.72)),
}


def contact_sheet(tiles: Sequence[Tile]) -> bytes:
    """Draw a contact sheet.

    Args:
        tiles: 1 to `MAX_TILES` of them, in order.

    Returns:
        A JPEG.
    """
    columns = min(len(tiles), max(_FEWEST_COLUMNS, math.ceil(math.sqrt(len(tiles)))))
    has_words = any(tile.words for tile in tiles)
    step_x = THUMBNAIL_PX + _GAP_PX
    step_y = step_x + (_WORDS_LINES * _LINE_PX if has_words else 0)
    size = (step_x * columns + _GAP_PX, step_y * -(-len(tiles) // columns) + _GAP_PX)
    sheet = Image.new("RGB", size, _PAPER)
    for index, tile in enumerate(tiles):
        row, column = divmod(index, columns)
        _draw_tile(sheet, tile, _GAP_PX + column * step_x, _GAP_PX + row * step_y)
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=_JPEG_QUALITY)
    return buffer.getvalue()


def _draw_tile(sheet: Image.Image, tile: Tile, left: int, top: int) -> None:
    draw = ImageDraw.Draw(sheet, "RGBA")
    side = THUMBNAIL_PX
    draw.rectangle((left, top, left + side - 1, top + side - 1), fill=_NOTHING)
    if tile.thumbnail is not None:
        picture = Image.open(io.BytesIO(tile.thumbnail), formats=("JPEG",))
        width, height = picture.size
        sheet.paste(picture, (left + (side - width) // 2, top + (side - height) // 2))
    font = _font(_NUMBER_FONT_PX)
    wide = max(_BADGE_PX, round(font.getlength(str(tile.number))) + 16)
    draw.rectangle((left, top, left + wide, top + _BADGE_PX), fill=_LABEL)
    middle = (left + wide // 2, top + _BADGE_PX // 2)
    draw.text(middle, str(tile.number), fill=_PAPER, font=font, anchor="mm")
    badge = _badge(tile.mark)
    corner = (left + side - _BADGE_PX - 6, top + side - _BADGE_PX - 6)
    sheet.paste(badge, corner, badge)
    for line, words in enumerate(_lines(tile.words)):
        place = (left + side // 2, top + side + 4 + line * _LINE_PX)
        draw.text(place, words, fill=_INK, font=_font(_WORDS_FONT_PX), anchor="ma")


def _lines(words: str) -> list[str]:
    """Break words into lines as wide as a tile; what does not fit ends in an ellipsis."""
    font = _font(_WORDS_FONT_PX)
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= THUMBNAIL_PX:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > _WORDS_LINES:
        lines[_WORDS_LINES - 1 :] = [f"{lines[_WORDS_LINES - 1]}…"]
    return lines


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size_px)


@cache
def _badge(mark: Mark) -> Image.Image:
    """Draw a mark large and shrink it, as Pillow's shapes have hard edges."""
    side = _BADGE_PX * _SMOOTHING
    badge = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(badge)
    draw.ellipse((0, 0, side - 1, side - 1), fill=_COLOURS[mark], outline=_PAPER, width=side // 16)
    for stroke in _STROKES[mark]:
        points = [(x * side, y * side) for x, y in stroke]
        draw.line(points, fill=_PAPER, width=side // 9, joint="curve")
    return badge.resize((_BADGE_PX, _BADGE_PX), Image.Resampling.LANCZOS)
