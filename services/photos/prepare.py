"""Make a training photo from what the user sent: upright, sRGB, at most 2048 px, no metadata.

Peak resident memory of a whole process that checks and prepares, as `python -m tests.bench.photos`
measured it (of which about 35 MB before any photo; one photo is unpacked at a time):

- 20 JPEGs of 12 megapixels: 122 MB; 48 megapixels: 136 MB, thanks to libjpeg's scaled decoding;
- 12 megapixels as HEIF: 128 MB, PNG: 135 MB, WebP: 238 MB;
- 99 megapixels, just under the limit: JPEG 190 MB, progressive JPEG 435 MB, PNG 285 (palette)
  to 630 MB (alpha), TIFF 600 to 635 MB, HEIF 760 MB, WebP 1620 MB. Their decoders unpack whole,
  and WebP's keeps two canvases of its own; a machine with less memory needs a lower `MAX_PIXELS`.
"""

import io

from PIL import Image

from services.photos.archive import ArchiveWriter, write_archive
from services.photos.colour import to_srgb
from services.photos.opening import opened_photo
from services.photos.orientation import stored_orientation, turned_upright
from services.photos.shrink import decoded_and_shrunk

__all__ = ["JPEG_QUALITY", "ArchiveWriter", "prepare_photo", "write_archive"]

JPEG_QUALITY = 95
"""A product rule; above it a JPEG grows without looking better."""


def prepare_photo(data: bytes) -> bytes:
    """Turn one accepted photo into the JPEG a trainer gets.

    Args:
        data: The file's bytes; the rules of `check_photo` apply here as well.

    Returns:
        A JPEG in sRGB, longest side at most 2048 px, without EXIF, XMP, ICC or comment: the place
        where a photo was taken must not leave this machine.

    Raises:
        PhotoRefused: When the file is no acceptable photo; nothing else is raised.
    """
    with opened_photo(data) as image:
        small = decoded_and_shrunk(image)
        orientation = stored_orientation(image)
        rgb = to_srgb(small, image.info.get("icc_profile"))
        return _as_bare_jpeg(turned_upright(rgb, orientation))


def _as_bare_jpeg(image: Image.Image) -> bytes:
    # Pillow writes a comment it finds in `info` without being asked to.
    image.info.clear()
    buffer = io.BytesIO()
    # Full colour resolution (4:4:4): a photo of 512 px has none to spare.
    image.save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling="4:4:4")
    return buffer.getvalue()
