"""The one door to Pillow: open a photo from untrusted bytes, or refuse it before it is decoded.

Everything that can be known from the header is decided here: the kind of file, its size in pixels,
whether it moves. Whatever Pillow and its decoders raise on hostile bytes is translated here, and
only here, to `PhotoRefused`.
"""

import io
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import Image
from pillow_heif import register_heif_opener

from services.photos.colour import Colours
from services.photos.container import avif_code_points, with_still_brand
from services.photos.jpeg import MAX_JPEG_SCANS, Jpeg, followed, is_jpeg, refuse_damaged
from services.photos.png import SIGNATURE, Png, as_others_mean_it, followed_png
from services.photos.raw import camera_jpeg, raw_kind
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

# No other decoder is ever tried: EPS starts Ghostscript, and few people watch the exotic ones.
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "TIFF", "BMP")
_UNPACKED_WHOLE = frozenset({"WEBP", "HEIF", "AVIF", "TIFF"})
_MAY_HOLD_MORE_PICTURES = frozenset({"TIFF", "HEIF"})
_TILE_WIDTH_TAG, _TILE_HEIGHT_TAG = 322, 323
_CODE_POINTS, _PNG = "code_points", "png"
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
    if (kind := raw_kind(data)) is not None:
        data = _of_camera(data, kind)
    refuse_known_non_photo(data)
    jpeg = followed(data) if is_jpeg(data) else None
    png = followed_png(data) if data.startswith(SIGNATURE) else None
    followed_data = jpeg.data if jpeg else png.data if png else with_still_brand(data)
    with (
        _translated_errors(),
        Image.open(io.BytesIO(followed_data), formats=_FORMATS) as image,
    ):
        if png is not None:
            image.info[_PNG] = png
        elif image.format == "AVIF" and "icc_profile" not in image.info:
            image.info[_CODE_POINTS] = avif_code_points(data)
        _refuse_by_kind(image)
        (check_size or refuse_by_size)(image.size)
        _refuse_by_decoding(image, jpeg, png)
        if png is not None and png.is_apples:
            as_others_mean_it(image)
        yield image
        if jpeg is not None:
            refuse_damaged(jpeg)


def _of_camera(data: bytes, kind: str) -> bytes:
    preview = camera_jpeg(data, MIN_SIDE_PX)
    if preview is None:
        raise PhotoRefused(RefusalReason.FOREIGN_PHOTO, found=kind)
    return preview


def colours_of(image: Image.Image) -> Colours:
    """Return what an opened photo says of its colours."""
    png: Png | None = image.info.get(_PNG)
    code_points = png.code_points if png else image.info.get(_CODE_POINTS)
    nclx = image.info.get("nclx_profile")
    if code_points is None and nclx and "icc_profile" not in image.info:
        code_points = nclx["color_primaries"], nclx["transfer_characteristics"]
    icc_profile = image.info.get("icc_profile")
    return Colours(icc_profile, code_points, png.calibration if png else None)


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

    The further pages of a TIFF and the further pictures of a HEIF do not matter, nor what stands
    behind a JPEG (phones keep a depth or gain map there): the first, or primary, is the photo.
    """
    moves = getattr(image, "is_animated", False)
    if moves and image.format not in _MAY_HOLD_MORE_PICTURES:
        raise PhotoRefused(RefusalReason.ANIMATED)
    if image.mode in _MEASUREMENT_MODES:
        raise PhotoRefused(RefusalReason.NOT_A_PHOTO, found="32-bit TIFF")


def _refuse_by_decoding(image: Image.Image, jpeg: Jpeg | None, png: Png | None) -> None:
    """Refuse what would take a decoder too long or too much memory."""
    scans = [scan.components for scan in jpeg.scans] if jpeg else []
    if len(scans) > MAX_JPEG_SCANS:
        raise PhotoRefused(RefusalReason.UNREADABLE)
    pixels = image.width * image.height
    if image.format == "TIFF":
        # A tile is unpacked whole, however little of the picture it covers.
        tags = getattr(image, "tag_v2", {})
        pixels = max(pixels, tags.get(_TILE_WIDTH_TAG, 0) * tags.get(_TILE_HEIGHT_TAG, 0))
    # libjpeg keeps a picture that does not come in one scan with all its colours.
    in_parts = scans and ("progressive" in image.info or scans != [len(image.getbands())])
    is_whole = image.format in _UNPACKED_WHOLE or (png is not None and png.is_apples)
    if pixels > MAX_PIXELS_AT_ONCE and (in_parts or is_whole):
        raise PhotoRefused(RefusalReason.TOO_HEAVY, max_megapixels=MAX_PIXELS_AT_ONCE // 1_000_000)


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
