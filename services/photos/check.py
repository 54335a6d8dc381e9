"""Decide whether a file is a photo that can be used, by decoding it to the last byte."""

import hashlib

from PIL import Image

from services.photos.facts import PhotoFacts
from services.photos.opening import opened_photo, refuse_by_size
from services.photos.orientation import is_on_its_side, stored_orientation
from services.photos.refusal import PhotoRefused, RefusalReason

__all__ = ["PhotoFacts", "PhotoRefused", "RefusalReason", "check_photo"]

_SMALLEST_DRAFT_PX = 1


def check_photo(data: bytes) -> PhotoFacts:
    """Prove that a file is a whole, usable photo.

    Every byte of picture data is decoded, so a file cut off anywhere in it is found out. Peak
    memory is described in `services.photos.prepare`; a JPEG needs a 64th of that here.

    Args:
        data: The file's bytes, of any origin.

    Returns:
        The facts of an acceptable photo.

    Raises:
        PhotoRefused: With the reason, for anything else; nothing else is raised.
    """
    with opened_photo(data) as image:
        width, height = image.size
        if image.format == "JPEG":
            # At 1/8 scale libjpeg still reads every coefficient, in less time and memory.
            image.draft(None, (_SMALLEST_DRAFT_PX, _SMALLEST_DRAFT_PX))
            image.load()
        else:
            image.load()
            width, height = _decoded_size(image)
        if is_on_its_side(stored_orientation(image)):
            width, height = height, width
        return PhotoFacts(width, height, image.format or "", hashlib.sha256(data).hexdigest())


def _decoded_size(image: Image.Image) -> tuple[int, int]:
    """Measure again once decoded: a HEIF container and its picture may disagree."""
    refuse_by_size(image.size)
    return image.size
