"""Decide whether a file is a photo that can be used, by decoding it to the last byte."""

import hashlib

from PIL import Image

from services.photos.colour import to_srgb
from services.photos.facts import PhotoFacts
from services.photos.fingerprint import fingerprint_of
from services.photos.opening import colours_of, opened_photo, refuse_by_size
from services.photos.orientation import is_on_its_side, stored_orientation, turned_upright
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.shrink import miniature, reduced

__all__ = ["PhotoFacts", "PhotoRefused", "RefusalReason", "check_and_show", "check_photo"]

_SMALLEST_DRAFT_PX = 1


def check_photo(data: bytes) -> PhotoFacts:
    """Prove that a file is a whole, usable photo.

    Every byte of picture data is decoded, so a file cut off anywhere in it is found out. Peak
    memory is described in `services.photos.prepare`; a JPEG needs a 64th of that here.
    The fingerprint is made of what was decoded for that.

    Args:
        data: The file's bytes, of any origin.

    Returns:
        The facts of an acceptable photo.

    Raises:
        PhotoRefused: With the reason, for anything else; nothing else is raised.
    """
    with opened_photo(data) as image:
        size, exact_size = _decoded(image, _SMALLEST_DRAFT_PX)
        return _facts(data, image, size, exact_size)


def check_and_show(data: bytes, side_px: int) -> tuple[PhotoFacts, Image.Image]:
    """Do as `check_photo` does, and show the photo, from the same decoding.

    Args:
        data: The file's bytes, of any origin.
        side_px: What the longest side of the picture should have at least.

    Returns:
        The facts; and the photo upright, in sRGB, less than twice as large as asked for.

    Raises:
        PhotoRefused: As for `check_photo`.
    """
    with opened_photo(data) as image:
        size, exact_size = _decoded(image, side_px)
        facts = _facts(data, image, size, exact_size)
        colours, orientation = colours_of(image), stored_orientation(image)
        small = reduced(image, max(1, max(image.size) // side_px))
        return facts, turned_upright(to_srgb(small, colours), orientation)


def _facts(
    data: bytes, image: Image.Image, size: tuple[int, int], exact_size: tuple[float, float]
) -> PhotoFacts:
    orientation = stored_orientation(image)
    fingerprint = fingerprint_of(*miniature(image, exact_size), colours_of(image), orientation)
    width, height = size[::-1] if is_on_its_side(orientation) else size
    digest = hashlib.sha256(data).hexdigest()
    return PhotoFacts(width, height, image.format or "", digest, fingerprint)


def _decoded(image: Image.Image, side_px: int) -> tuple[tuple[int, int], tuple[float, float]]:
    """Decode; return the size of the picture, and the exact one that the pixels cover."""
    if image.format == "JPEG":
        size = image.size
        # At 1/8 scale libjpeg still reads every coefficient, in less time and memory.
        part = side_px / max(size)
        least = max(1, int(size[0] * part)), max(1, int(size[1] * part))
        drafted = image.draft(None, least)
        image.load()
        return size, drafted[1][2:] if drafted is not None else image.size
    image.load()
    # Measured again once decoded: a HEIF container and its picture may disagree.
    refuse_by_size(image.size)
    return image.size, image.size
