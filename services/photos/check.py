"""Decide whether a file is a photo that can be used, by decoding it to the last byte."""

import hashlib

from PIL import Image

from services.photos.facts import PhotoFacts
from services.photos.fingerprint import fingerprint_of
from services.photos.opening import colours_of, opened_photo, refuse_by_size
from services.photos.orientation import is_on_its_side, stored_orientation
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.shrink import miniature

__all__ = ["PhotoFacts", "PhotoRefused", "RefusalReason", "check_photo"]

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
        (width, height), exact_size = _decoded(image)
        orientation = stored_orientation(image)
        fingerprint = fingerprint_of(*miniature(image, exact_size), colours_of(image), orientation)
        if is_on_its_side(orientation):
            width, height = height, width
        digest = hashlib.sha256(data).hexdigest()
        return PhotoFacts(width, height, image.format or "", digest, fingerprint)


def _decoded(image: Image.Image) -> tuple[tuple[int, int], tuple[float, float]]:
    """Decode; return the size of the picture, and the exact one that the pixels cover."""
    if image.format == "JPEG":
        size = image.size
        # At 1/8 scale libjpeg still reads every coefficient, in less time and memory.
        drafted = image.draft(None, (_SMALLEST_DRAFT_PX, _SMALLEST_DRAFT_PX))
        image.load()
        return size, drafted[1][2:] if drafted is not None else image.size
    image.load()
    # Measured again once decoded: a HEIF container and its picture may disagree.
    refuse_by_size(image.size)
    return image.size, image.size
