"""Turn a photo the way its EXIF asks: phones store the sensor's view and a number beside it."""

from PIL import ExifTags, Image

_UPRIGHT = 1
# CIPA DC-008 (Exif), tag 0x0112: where row 0 and column 0 of the stored picture are as seen.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FIRST_ON_ITS_SIDE = 5


def stored_orientation(image: Image.Image) -> int:
    """Read the orientation from EXIF; what XMP says of it is not for viewers.

    Ask after decoding: a PNG may carry its EXIF behind the pixels, and Pillow itself turns TIFF
    and HEIF while decoding them and then reports 1.

    Args:
        image: A decoded image.

    Returns:
        1 to 8; 1 (upright) when there is none, or none that can be understood.
    """
    # Pillow would look there when EXIF has none.
    for xmp in ("xmp", "XML:com.adobe.xmp", "Raw profile type xmp"):
        image.info.pop(xmp, None)
    try:
        value = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001  (EXIF is parsed from hostile bytes; the pixels are fine without)
        return _UPRIGHT
    return value if isinstance(value, int) and value in _TURNS else _UPRIGHT


def is_on_its_side(orientation: int) -> bool:
    """Return whether this orientation swaps width and height.

    Args:
        orientation: 1 to 8.
    """
    return orientation >= _FIRST_ON_ITS_SIDE


_QUARTERS = {
    1: Image.Transpose.ROTATE_90,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_270,
}


def turned(image: Image.Image, quarters: int) -> Image.Image:
    """Return the picture turned against the clock.

    Args:
        image: The picture.
        quarters: Quarter turns, 0 to 3.

    Returns:
        A turned copy, or the same object where there is nothing to turn.
    """
    return image.transpose(_QUARTERS[quarters]) if quarters else image


def turned_upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture as its taker saw it.

    Args:
        image: The picture as stored.
        orientation: 1 to 8.

    Returns:
        A turned copy, or the same object when it is upright already.
    """
    turn = _TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
