"""Make a small picture of a photo, for looking and not for training."""

import io

from PIL import Image

from services.photos.colour import to_srgb
from services.photos.opening import colours_of, opened_photo, refuse_by_pixels
from services.photos.orientation import stored_orientation, turned, turned_upright
from services.photos.shrink import decode, shrunk
from services.photos.tile import THUMBNAIL_PX

_JPEG_QUALITY = 90


def thumbnail(data: bytes, turn: int = 0) -> bytes:
    """Show a photo small and upright; a JPEG also when it is too small to be trained on.

    Peak memory is that of preparing it, see `services.photos.prepare`.

    Args:
        data: The file's bytes, of any origin.
        turn: Quarter turns against the clock, see `prepare_photo`.

    Returns:
        A JPEG in RGB, longest side at most `THUMBNAIL_PX`.

    Raises:
        PhotoRefused: It cannot be shown; nothing else is raised.
    """
    with opened_photo(data, check_size=refuse_by_pixels) as image:
        exact_size = decode(image)
        orientation = stored_orientation(image)
        colours = colours_of(image)
        small = shrunk(image, exact_size)
        small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.LANCZOS)
        upright = turned(turned_upright(to_srgb(small, colours), orientation), turn)
        upright.info.clear()
        buffer = io.BytesIO()
        upright.save(buffer, "JPEG", quality=_JPEG_QUALITY)
        return buffer.getvalue()
