"""What Telegram does to pictures: photos are re-encoded in a ladder of sizes.

Everything here is Pillow work: call it through `asyncio.to_thread`.
"""

import io
import struct
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageOps

# The boxes of photo sizes s/m/x/y (core.telegram.org/api/files); the smallest is 90 in practice.
PHOTO_SIDES = (90, 320, 800, 1280)
_THUMBNAIL_SIDE = 320
_MAX_SIDES_SUM = 10_000
_MAX_RATIO = 20
_MAX_THUMBNAIL_PIXELS = 60_000_000

# What Pillow, its plugins and libheif raise on bytes that are broken or not theirs.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,
    TypeError,
    LookupError,
    ArithmeticError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class PictureError(ValueError):
    """The bytes are no picture Telegram would show; the text is the server's code."""


@dataclass(frozen=True)
class Rendition:
    """A JPEG of one size, sides in pixels."""

    data: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """What a file is when it is decoded.

    Attributes:
        format: Pillow's name (JPEG, PNG, GIF, HEIF ...).
        duration_s: playing time of an animation, whole seconds.
    """

    format: str
    width: int
    height: int
    duration_s: int
    thumbnail: Rendition


def _open(data: bytes) -> Image.Image:
    if pillow_heif.is_supported(data):
        heif = pillow_heif.open_heif(io.BytesIO(data))
        return heif.to_pillow()
    return Image.open(io.BytesIO(data))


def _jpeg(image: Image.Image) -> Rendition:
    out = io.BytesIO()
    # Of all metadata Pillow would write only the comment of the original again.
    image.save(out, "JPEG", quality=87, comment=b"")
    return Rendition(out.getvalue(), image.width, image.height)


def _flat(image: Image.Image) -> Image.Image:
    """RGB, upright, alpha over white; perhaps the same picture, which is turned then."""
    ImageOps.exif_transpose(image, in_place=True)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(rgba, mask=rgba.getchannel("A"))
        return white
    return image if image.mode == "RGB" else image.convert("RGB")


def photo_ladder(data: bytes, *, shrink: bool = False) -> list[Rendition]:
    """Turn any picture into the sizes of a Telegram photo.

    Args:
        data: the uploaded bytes.
        shrink: True for a person's client, which scales any picture before it uploads; the
            Bot API refuses what is too large instead.

    Returns:
        JPEG sizes, ascending, never larger than the original; no metadata.

    Raises:
        PictureError: IMAGE_PROCESS_FAILED for what cannot be decoded,
            PHOTO_INVALID_DIMENSIONS for sides that sum over 10000 or a ratio over 20.
    """
    try:
        image = _open(data)
        _check_sides(image, shrink=shrink)
        image.draft("RGB", (PHOTO_SIDES[-1], PHOTO_SIDES[-1]))
        image = _flat(image)
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError("PHOTO_INVALID_DIMENSIONS") from None
    except _BROKEN:
        raise PictureError("IMAGE_PROCESS_FAILED") from None
    largest = max(image.size)
    sides = [side for side in PHOTO_SIDES if side < largest]
    sides.append(min(largest, PHOTO_SIDES[-1]))
    ladder = []
    for side in sorted({*sides}, reverse=True):
        # Each of the next larger one: to go back to the largest takes half as long again.
        image.thumbnail((side, side), Image.Resampling.HAMMING)
        ladder.append(_jpeg(image))
    return ladder[::-1]


def _check_sides(image: Image.Image, *, shrink: bool) -> None:
    long, short = max(image.size), min(image.size)
    if (not shrink and long + short > _MAX_SIDES_SUM) or long > _MAX_RATIO * short:
        raise PictureError("PHOTO_INVALID_DIMENSIONS")


def describe(data: bytes) -> Picture | None:
    """Look at a file that is sent as a document.

    Returns:
        Its format, sides and a thumbnail; None when it is no picture (or too large to open).
    """
    try:
        image = _open(data)
        if image.width * image.height > _MAX_THUMBNAIL_PIXELS:
            return None
        kind = image.format or "HEIF"
        frames = getattr(image, "n_frames", 1)
        duration_ms = frames * int(image.info.get("duration", 0) or 0)
        width, height = image.size
        image.draft("RGB", (_THUMBNAIL_SIDE, _THUMBNAIL_SIDE))
        flat = _flat(image)
        flat.thumbnail((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), Image.Resampling.HAMMING)
        thumbnail = _jpeg(flat)
    except _BROKEN:
        return None
    return Picture(kind, width, height, max(1, round(duration_ms / 1000)), thumbnail)
