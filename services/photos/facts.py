"""What is known of an accepted photo."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PhotoFacts:
    """What the check of an accepted photo found.

    Attributes:
        width_px: Width as the user sees it, that is after the rotation its EXIF asks for.
        height_px: Height as the user sees it.
        format: The real format: JPEG, PNG, WEBP, HEIF, AVIF, TIFF or BMP.
        sha256: Hex digest of the file's bytes; equal for an exact duplicate.
        fingerprint: Of what it shows, see `services.photos.likeness`; nearly equal for one picture
            in another encoding or size.
    """

    width_px: int
    height_px: int
    format: str
    sha256: str
    fingerprint: str
