"""The faces that the photo process has seen, by their photos; they go with the process."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from services.photos.coach.judging import COMPARED_FROM
from services.photos.coach.seen import Compared

Vector = NDArray[np.float32]

MAX_KEPT = 2000
"""Of 512 bytes each: the photos of a hundred users."""


class FaceMemory:
    """Face vectors by the SHA-256 of their photos; None for a photo without a face."""

    def __init__(self) -> None:
        self._vectors: dict[str, Vector | None] = {}

    def keep(self, sha256: str, vector: Vector | None) -> None:
        """Keep the face of a photo; the one kept longest is forgotten for it where all is full."""
        self._vectors.pop(sha256, None)
        self._vectors[sha256] = vector
        if len(self._vectors) > MAX_KEPT:
            del self._vectors[next(iter(self._vectors))]

    def alike(self, photos: Sequence[str]) -> Compared:
        """Compare the photos of a set with one another.

        Returns:
            For each the median similarity to the others; None where it has no face, or where there
            are too few to compare it with.
        """
        if missing := self._missing(photos):
            return Compared([], missing)
        vectors = [self._vectors[photo] for photo in photos]
        return Compared([_median(vectors, index) for index in range(len(vectors))], [])

    def likeness(self, face: Vector | None, photos: Sequence[str]) -> Compared:
        """Compare a face with the photos of a set.

        Returns:
            One number, the median similarity; None where there is no face to compare.
        """
        if missing := self._missing(photos):
            return Compared([], missing)
        known = [vector for photo in photos if (vector := self._vectors[photo]) is not None]
        if face is None or not known:
            return Compared([None], [])
        return Compared([_rounded(np.stack(known) @ face)], [])

    def _missing(self, photos: Sequence[str]) -> list[str]:
        return [photo for photo in photos if photo not in self._vectors]


def _median(vectors: Sequence[Vector | None], index: int) -> float | None:
    face = vectors[index]
    others = [one for at, one in enumerate(vectors) if one is not None and at != index]
    if face is None or len(others) + 1 < COMPARED_FROM:
        return None
    return _rounded(np.stack(others) @ face)


def _rounded(numbers: Vector) -> float:
    return round(float(np.median(numbers)), 2)
