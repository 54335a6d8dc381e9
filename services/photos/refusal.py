"""Why a photo is refused: the closed list of reasons and the one exception that carries them."""

from enum import StrEnum


class RefusalReason(StrEnum):
    """The reasons a user reads, each with its own sentence. Values are stored: keep them."""

    TOO_BIG = "too_big"
    """The file is over 20 MB. Parameters: `max_megabytes`."""
    TOO_SMALL = "too_small"
    """The short side is under 512 px. Parameters: `width`, `height`, `min_side_px`."""
    TOO_MANY_PIXELS = "too_many_pixels"
    """Over 100 megapixels by its own header. Parameters: `max_megapixels`."""
    TOO_HEAVY = "too_heavy"
    """Over 50 megapixels, and its decoder would unpack it whole. Parameters: `max_megapixels`."""
    EXTREME_SHAPE = "extreme_shape"
    """Longer than 4:1: shrunk, it would be a strip. Parameters: `width`, `height`, `max_ratio`."""
    UNREADABLE = "unreadable"
    """Empty, cut off, damaged, or nothing we know. No parameters."""
    UNCHECKABLE = "uncheckable"
    """Every try to check it ended the photo process. Decided by the caller. No parameters."""
    ANIMATED = "animated"
    """An animated WebP, PNG or HEIF sequence. No parameters."""
    GIF = "gif"
    """A GIF, moving or not. No parameters."""
    VIDEO = "video"
    """A video in any common container. No parameters."""
    PDF = "pdf"
    """A PDF document. No parameters."""
    FOREIGN_PHOTO = "foreign_photo"
    """A photo in a format few programs open. Parameters: `found`, its usual name."""
    NOT_A_PHOTO = "not_a_photo"
    """Another known kind of file. Parameters: `found`, its usual name, e.g. `SVG`."""
    DUPLICATE = "duplicate"
    """The same picture was already sent for this training. Decided by the caller. Parameters:
    `number`, that of the other photo."""
    NO_FACE = "no_face"
    """The coach sees nobody in it; the user may insist on it. No parameters."""
    TOO_MANY = "too_many"
    """The training has all the photos it takes. Decided by the caller."""
    GONE = "gone"
    """Telegram no longer gives the file. Decided by the caller, who fetches. No parameters."""
    LOST = "lost"
    """Accepted, but no longer available when the training was packed. Decided by the caller."""


class PhotoRefused(Exception):
    """A photo cannot be used, for a reason the user should read.

    Attributes:
        reason: Which rule it broke.
        params: Numbers and names for the sentence, as listed beside each reason.
    """

    def __init__(self, reason: RefusalReason, **params: int | str) -> None:
        super().__init__(reason.value, params)
        self.reason = reason
        self.params = params
