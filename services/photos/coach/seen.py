"""What the coach saw in a photo: counts and small numbers, nothing a face could be known by."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple


class Compared(NamedTuple):
    """What a comparison gives: numbers, or the photos that have to be looked at first."""

    numbers: list[float | None]
    missing: list[str]


@dataclass(frozen=True)
class Seen:
    """Measurements of one photo, all of its largest face and as it is after preparation.

    Attributes:
        faces: How many faces are in it; where there are none, the rest says nothing.
        second: Width of the second largest face, as a part of that of the largest; 0 for none.
        face_px: Width of the face in pixels.
        sharpness: Variance of the Laplacian of the face scaled to a width of 160 px.
        light: Brightness that a twentieth of the face is above, 0-255.
        glare: Part of the face that is white, 0-1.
        side: How far the head is turned: the nose's distance from the middle of the eyes, by the
            distance of the eyes; negative to the left of the picture.
        eyes: Brightness of a band across the eyes, by that of the cheeks.
        turn: Quarter turns against the clock after which the face is upright, 0-3.
        alike: Median similarity to the faces of the other photos of its set, -1 to 1; None where
            it was not compared.
        among: Which set that was, see `services.training.coach`.
    """

    faces: int
    second: float = 0.0
    face_px: int = 0
    sharpness: float = 0.0
    light: float = 0.0
    glare: float = 0.0
    side: float = 0.0
    eyes: float = 1.0
    turn: int = 0
    alike: float | None = None
    among: str | None = None

    def stored(self) -> dict[str, Any]:
        """Return it as it is kept in a row."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    def compared(self, alike: float | None, among: str) -> "Seen":
        """Return it with what a comparison with the rest of the set has found."""
        return replace(self, alike=None if alike is None else round(alike, 2), among=among)


def seen_in(row: Mapping[str, Any] | None) -> Seen | None:
    """Return what a row keeps; None where nothing was seen, or where an older bot kept it."""
    if not row:
        return None
    try:
        return Seen(**row)
    except TypeError:
        return None


def turn_of(row: Mapping[str, Any] | None) -> int:
    """Return by how many quarter turns a photo is turned before it is used."""
    seen = seen_in(row)
    return seen.turn if seen is not None else 0
