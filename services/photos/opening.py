"""The one door to Pillow: open a photo from untrusted bytes, or refuse it before it is decoded.

Everything that can be known from the header is decided here: the kind of file, its size in pixels,
whether it moves. Whatever Pillow and its decoders raise on hostile bytes is translated here, and
only here, to `PhotoRefused`.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image
from pillow_heif import register_heif_opener

from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.sniff import refuse_known_non_photo
from services.photos.webp import register_webp_opener

MAX_FILE_BYTES = 20 * 1024 * 1024
"""The most a bot can fetch from Telegram (getFile serves up to 20 MB)."""
MAX_PIXELS = 100_000_000
"""Width times height; a product rule that keeps the memory of one decode within bounds."""
MAX_PIXELS_AT_ONCE = 50_000_000
"""The same for what decoders unpack whole, at up to 12 bytes a pixel. The largest HEIF photos that
phones make have 48 to 50 megapixels; libjpeg and Pillow's PNG and BMP decoders go row by row."""
MIN_SIDE_PX = 512
"""A product rule: trainers work at 512-1024 px, and enlarging teaches a model blur."""
MAX_SIDE_PX = 2048
"""Longest side of a prepared photo; a product rule, twice the largest training resolution."""
MAX_RATIO = MAX_SIDE_PX // MIN_SIDE_PX
"""Longer shapes would have a short side under `MIN_SIDE_PX` once shrunk to `MAX_SIDE_PX`."""
MAX_JPEG_SCANS = 100
"""Progressive photos have about 10 scans. Each one passes over the whole picture however few bytes
it has, so a small file with many thousands of them would keep a processor busy for hours."""

# No other decoder is ever tried: EPS starts Ghostscript, and few people watch the exotic ones.
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "TIFF", "BMP")
_UNPACKED_WHOLE = frozenset({"WEBP", "HEIF", "TIFF"})
_MAY_HOLD_MORE_PICTURES = frozenset({"MPO", "TIFF", "HEIF"})
_TILE_WIDTH_TAG, _TILE_HEIGHT_TAG = 322, 323
_DNG_VERSION_TAG = 50706
_MEASUREMENT_MODES = frozenset(
    {"I", "F"}
)  # 32-bit numbers: depth, X-rays; no scale to show them by

# Only the primary picture is wanted; `thumbnails` would let one stand in for it when shrinking.
register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
register_webp_opener()

# Pillow warns from this number of pixels on and raises from twice as many. We refuse by the header
# ourselves, earlier than its error, yet its error must stay on: the WebP decoder reserves memory
# for the canvas while opening, and Pillow's check is the only one that comes before that.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# These speak of oddities in a user's file ("Corrupt EXIF data"), which are no news for our log.
warnings.filterwarnings("ignore", module=r"PIL\.")

# Two bytes and no repeat: a search looks at each byte once, also in a long run of 0xFF, with which
# a marker may begin.
_NEXT_JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_JPEG_SOS, _JPEG_EOI = 0xDA, 0xD9


@contextmanager
def opened_photo(
    data: bytes, check_size: Callable[[tuple[int, int]], None] | None = None
) -> Iterator[Image.Image]:
    """Open a photo that passes every rule a header can tell; its pixels are not decoded yet.

    Whatever goes wrong inside the `with` block while decoding is translated as well.

    Args:
        data: The file's bytes.
        check_size: The rules on width and height; `refuse_by_size` where nothing else is said.

    Yields:
        The lazily opened image. `format` is the real format, found by its decoder.

    Raises:
        PhotoRefused: For every reason but DUPLICATE and TOO_MANY.
    """
    if len(data) > MAX_FILE_BYTES:
        raise PhotoRefused(RefusalReason.TOO_BIG, max_megabytes=MAX_FILE_BYTES // 1024**2)
    refuse_known_non_photo(data)
    with _translated_errors(), Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        (check_size or refuse_by_size)(image.size)
        _refuse_by_kind(image)
        _refuse_by_decoding(image, data)
        yield image


def refuse_by_size(size: tuple[int, int]) -> None:
    """Apply the rules on width and height, which no rotation by EXIF can change.

    Args:
        size: Width and height in pixels.

    Raises:
        PhotoRefused: TOO_MANY_PIXELS, TOO_SMALL or EXTREME_SHAPE.
    """
    width, height = size
    refuse_by_pixels(size)
    if min(size) < MIN_SIDE_PX:
        raise PhotoRefused(
            RefusalReason.TOO_SMALL, width=width, height=height, min_side_px=MIN_SIDE_PX
        )
    if max(size) > min(size) * MAX_RATIO:
        raise PhotoRefused(
            RefusalReason.EXTREME_SHAPE, width=width, height=height, max_ratio=MAX_RATIO
        )


def refuse_by_pixels(size: tuple[int, int]) -> None:
    """Apply the one rule on width and height that keeps memory within bounds.

    Raises:
        PhotoRefused: TOO_MANY_PIXELS.
    """
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_many_pixels()


def _refuse_by_kind(image: Image.Image) -> None:
    """Refuse what is of an accepted format and still not one photo.

    A JPEG with a second picture (MPO: phones keep a depth or gain map so), the further pages of a
    TIFF and the further pictures of a HEIF do not matter: the first, or primary, is the photo.
    """
    moves = getattr(image, "is_animated", False)
    if moves and image.format not in _MAY_HOLD_MORE_PICTURES:
        raise PhotoRefused(RefusalReason.ANIMATED)
    if _DNG_VERSION_TAG in getattr(image, "tag_v2", ()):
        raise PhotoRefused(RefusalReason.NOT_A_PHOTO, found="DNG RAW")
    if image.mode in _MEASUREMENT_MODES:
        raise PhotoRefused(RefusalReason.NOT_A_PHOTO, found="32-bit TIFF")


def _refuse_by_decoding(image: Image.Image, data: bytes) -> None:
    """Refuse what would take a decoder too long or too much memory."""
    scans = jpeg_scans(data) if image.format in {"JPEG", "MPO"} else []
    if len(scans) > MAX_JPEG_SCANS:
        raise PhotoRefused(RefusalReason.UNREADABLE)
    pixels = image.width * image.height
    if image.format == "TIFF":
        # A tile is unpacked whole, however little of the picture it covers.
        tags = getattr(image, "tag_v2", {})
        pixels = max(pixels, tags.get(_TILE_WIDTH_TAG, 0) * tags.get(_TILE_HEIGHT_TAG, 0))
    # libjpeg keeps a picture that does not come in one scan with all its colours.
    in_parts = scans and ("progressive" in image.info or scans != [len(image.getbands())])
    if pixels > MAX_PIXELS_AT_ONCE and (in_parts or image.format in _UNPACKED_WHOLE):
        raise PhotoRefused(RefusalReason.TOO_HEAVY, max_megapixels=MAX_PIXELS_AT_ONCE // 1_000_000)


def jpeg_scans(data: bytes) -> list[int]:
    """List the scans of the first picture in a JPEG, looking little further than the limit.

    Args:
        data: Bytes beginning with a JPEG; a damaged one is read as far as it can be followed.

    Returns:
        The number of colour components in each scan; at most `MAX_JPEG_SCANS` + 1 scans.
    """
    scans: list[int] = []
    position = 2
    while len(scans) <= MAX_JPEG_SCANS and (marker := _NEXT_JPEG_MARKER.search(data, position)):
        code, body = marker[1][0], marker.end()
        if code == _JPEG_EOI:
            break
        if code == _JPEG_SOS:
            scans += data[body + 2 : body + 3]
        # Segments are skipped whole: a thumbnail in the EXIF has scans and an end of its own.
        position = body + int.from_bytes(data[body : body + 2], "big")
    return scans


@contextmanager
def _translated_errors() -> Iterator[None]:
    """Turn whatever decoders raise on damaged or hostile bytes into a refusal."""
    try:
        yield
    except PhotoRefused:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    # Seen on mutated files: OSError, SyntaxError, ValueError, TypeError, KeyError, EOFError,
    # struct.error, zlib.error, OverflowError, MemoryError, RuntimeError. No list
    # stays complete, and the refusal keeps the original as its cause.
    except Exception as error:
        raise PhotoRefused(RefusalReason.UNREADABLE) from error


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(RefusalReason.TOO_MANY_PIXELS, max_megapixels=MAX_PIXELS // 1_000_000)
