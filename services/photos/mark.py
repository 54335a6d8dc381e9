"""Draw a small mark into a corner of a picture made by AI."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from services.photos.refusal import PhotoRefused, RefusalReason

_FONT = Path(__file__).parent / "font" / "DejaVuSans-subset.ttf"
_WORD = "AI"
_PART = 32
"""The mark is so many times smaller than the short side."""

_LEAST_PX = 14
_PAPER, _INK = (0, 0, 0, 140), (255, 255, 255, 235)
_QUALITY = 95
_FORMATS = ("JPEG", "PNG", "WEBP")


def mark(data: bytes) -> bytes:
    """Return a picture with "AI" in its lower right corner, in the same format.

    Raises:
        PhotoRefused: It is no JPEG, PNG or WebP, or cannot be read.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            kind = opened.format or "JPEG"
            picture = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PhotoRefused(RefusalReason.UNREADABLE) from error
    height = max(_LEAST_PX, min(picture.size) // _PART)
    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    font = ImageFont.truetype(str(_FONT), height)
    width = round(draw.textlength(_WORD, font=font))
    pad = height // 2
    right, bottom = picture.width - pad, picture.height - pad
    box = (right - width - pad, bottom - height - pad, right, bottom)
    draw.rounded_rectangle(box, radius=pad, fill=_PAPER)
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    draw.text(middle, _WORD, font=font, fill=_INK, anchor="mm")
    marked = Image.alpha_composite(picture, layer)
    buffer = io.BytesIO()
    (marked if kind == "PNG" else marked.convert("RGB")).save(buffer, kind, quality=_QUALITY)
    return buffer.getvalue()
