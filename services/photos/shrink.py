"""Shrink a photo of any mode while holding only one full-size copy of it in memory."""

from PIL import Image

from services.photos.colour import RESIZABLE_MODES, to_resizable
from services.photos.opening import MAX_SIDE_PX, refuse_by_size

REDUCING_GAP = 2.0
"""How much larger than needed a cheap first reduction may leave the photo. Pillow's documentation
of `Image.resize` calls 2.0 "very close to fair resampling"."""

NEAR_ENOUGH = 15 / 16
"""What libjpeg makes of a JPEG by its own scaling is taken as it is when its longest side is at
least so much of the limit: phones make pictures 4000 to 4096 and 8000 to 8192 px wide. It differs
from LANCZOS by about what the encoder of the result adds, and takes a fifth of the time."""

FILTER = Image.Resampling.HAMMING
"""Takes half the time of LANCZOS and differs from it by 55 to 56 dB, where the encoder of the
result adds 46 to 49 dB (drawn pictures, 2200 to 5700 px wide); after libjpeg's scaling, by 51."""

# Rows of the reduced picture. Much lower bands saved 50 MB of 630 at the peak, and left 300 MB of
# fragments with the allocator afterwards; with these nearly all goes back to the system.
_BAND_ROWS = 256
_MINIATURE_PX = 256
_JPEG_SCALES = (2, 4, 8)


def fitted_size(size: tuple[int, int], max_side_px: int = MAX_SIDE_PX) -> tuple[int, int]:
    """Find the size whose longest side is at most `max_side_px`, never enlarging.

    Args:
        size: Width and height in pixels.
        max_side_px: Limit for both sides in pixels.

    Returns:
        Width and height in pixels, at least 1 each.
    """
    longest = max(size)
    if longest <= max_side_px:
        return size
    width, height = (max(1, round(side * max_side_px / longest)) for side in size)
    return width, height


def decode(image: Image.Image) -> tuple[float, float]:
    """Load the pixels of a freshly opened photo, a large JPEG at 1/2, 1/4 or 1/8.

    Returns:
        The exact width and height that the decoded pixels cover.

    Raises:
        PhotoRefused: When the decoded picture has other dimensions than its header and breaks a
            rule.
    """
    if image.format == "JPEG":
        drafted = image.draft(None, _size_to_decode(image.size))
        image.load()
        if drafted is not None:
            return drafted[1][2], drafted[1][3]
    image.load()
    refuse_by_size(image.size)
    return image.size


def _size_to_decode(size: tuple[int, int]) -> tuple[int, int]:
    """Return the size that libjpeg's scaling must not fall short of.

    It drops high frequencies instead of averaging pixels, and so needs no room above the limit.
    """
    for scale in _JPEG_SCALES:
        if MAX_SIDE_PX * NEAR_ENOUGH <= max(size) / scale <= MAX_SIDE_PX:
            return size[0] // scale, size[1] // scale
    return fitted_size(size)


def shrunk(image: Image.Image, exact_size: tuple[float, float]) -> Image.Image:
    """Shrink a decoded photo to at most `MAX_SIDE_PX`.

    Args:
        image: A decoded image. It is closed as soon as it is not needed, for its memory.
        exact_size: What `decode` returned.

    Returns:
        An image in one of `services.photos.colour.RESIZABLE_MODES`, in its own colour space.
    """
    exact_width, exact_height = exact_size
    target = fitted_size((round(exact_width), round(exact_height)))
    factor = max(1, int(max(exact_width, exact_height) / (max(target) * REDUCING_GAP)))
    smaller = reduced(image, factor)
    if smaller is not image:
        image.close()
    if smaller.size == target:
        return smaller
    # A reduction that does not divide evenly leaves a partial pixel at the far edges: the exact
    # box keeps it from stretching the photo.
    box = (0.0, 0.0, exact_width / factor, exact_height / factor)
    return smaller.resize(target, FILTER, box=box)


def miniature(
    image: Image.Image, exact_size: tuple[float, float]
) -> tuple[Image.Image, tuple[float, float]]:
    """Shrink a decoded photo to some hundred pixels, with hardly any memory.

    Args:
        image: A decoded image.
        exact_size: The width and height that its pixels cover.

    Returns:
        An image in one of `services.photos.colour.RESIZABLE_MODES`, in its own colour space, and
        the exact width and height that its pixels cover.
    """
    factor = max(1, min(image.size) // _MINIATURE_PX)
    small = reduced(image, factor, max(1, _BAND_ROWS // factor))
    width, height = exact_size
    return small, (width / factor, height / factor)


def reduced(image: Image.Image, factor: int, band_rows: int = _BAND_ROWS) -> Image.Image:
    """Return a picture converted, with blocks of `factor` x `factor` pixels averaged, in bands.

    Converting the whole picture first (a palette to RGB, an alpha channel onto white) would take
    one or two further copies of up to 400 MB; bands of it take up to 200 MB, at 99 megapixels.
    """
    if factor == 1 and image.mode in RESIZABLE_MODES and not image.has_transparency_data:
        return image
    width, height = image.size
    rows = band_rows * factor
    small: Image.Image | None = None
    for top in range(0, height, rows):
        band = to_resizable(image.crop((0, top, width, min(top + rows, height)))).reduce(factor)
        if small is None:
            small = Image.new(band.mode, (-(-width // factor), -(-height // factor)))
        small.paste(band, (0, top // factor))
    assert small is not None  # noqa: S101  (a picture has at least one row)
    return small
