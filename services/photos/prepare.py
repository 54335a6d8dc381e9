"""Make a training photo from what the user sent: upright, sRGB, at most 2048 px, no metadata.

Memory that checking and preparing takes beside the idle process (240 MB for the bot) and the files
held; one photo is unpacked at a time:

- 12 megapixels: JPEG 40 MB where libjpeg's scaling does it all, else 90; HEIF, PNG, TIFF, WebP and
  progressive JPEG 60 to 150 MB, of which `FILES_AT_ONCE` files are up to 60;
- 99 megapixels: JPEG 160 MB, PNG 590 MB (alpha);
- `MAX_PIXELS_AT_ONCE` in a format that is unpacked whole: WebP 440 MB, CMYK progressive JPEG
  450 MB, HEIF 370 MB, TIFF up to 12 bytes a pixel, 600 MB.
"""

import io

from PIL import Image

from services.photos.archive import ArchiveWriter, write_archive
from services.photos.colour import to_srgb
from services.photos.opening import colours_of, opened_photo
from services.photos.orientation import stored_orientation, turned, turned_upright
from services.photos.shrink import decode, shrunk

__all__ = ["JPEG_QUALITY", "ArchiveWriter", "prepare_photo", "write_archive"]

JPEG_QUALITY = 95
"""A product rule; above it a JPEG grows without looking better."""


def prepare_photo(data: bytes, turn: int = 0) -> bytes:
    """Turn one accepted photo into the JPEG a trainer gets.

    Args:
        data: The file's bytes; the rules of `check_photo` apply here as well.
        turn: Quarter turns against the clock, for a photo that lies on its side though its file
            says otherwise.

    Returns:
        A JPEG in sRGB, longest side at most 2048 px, without EXIF, XMP, ICC or comment: the place
        where a photo was taken must not leave this machine.

    Raises:
        PhotoRefused: When the file is no acceptable photo; nothing else is raised.
    """
    with opened_photo(data) as image:
        exact_size = decode(image)
        orientation = stored_orientation(image)
        colours = colours_of(image)
        rgb = to_srgb(shrunk(image, exact_size), colours)
        return _as_bare_jpeg(turned(turned_upright(rgb, orientation), turn))


def _as_bare_jpeg(image: Image.Image) -> bytes:
    # Pillow writes a comment it finds in `info` without being asked to.
    image.info.clear()
    buffer = io.BytesIO()
    # Full colour resolution (4:4:4): a photo of 512 px has none to spare.
    image.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4")
    return buffer.getvalue()
