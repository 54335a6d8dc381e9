"""Tell by their fingerprints whether two photos are one picture, or almost; needs no Pillow.

Measured with `check_photo` on 50 pictures scaled to at least 1,100 px (photographs of people,
animals, things and textures, portraits enlarged from 25 px, drawn portraits). `difference` is the
largest of 1,024 differences in brightness (0-255), Hamming distances are of 64 bits:

- one picture as JPEG (quality 30 to 95), PNG, WebP (30, 80), HEIC and AVIF (30, 60), half size and
  0.61 of its size, each with each: difference up to 6 in 99 % of 3,458 pairs, 8 at most; Hamming
  distance up to 6;
- cut by 0.5 % at two edges: difference from 6, median 14; by 1 %: from 13, 30; by 2 %: from 23,
  57, Hamming distance up to 6 for 31 of 38; by 5 %: for 8 of 38; by 10 %: from 9;
- another mouth (10 % of the height): difference from 9, median 20, Hamming distance up to 4;
  turned by 1 degree: from 19, 44, up to 6 for 35 of 38; by 3 degrees: for 23 of 38;
- brighter by 8 %: difference from 8; by 3 %: from 3, median 6; black and white, or blurred: 1;
- different pictures, 2,080 pairs: difference from 54; Hamming distance from 8, between two drawn
  portraits of one person; photographs from 10.
"""

from collections.abc import Sequence
from itertools import pairwise

SIDE = 32
SAME_AT_MOST = 6
"""Levels of brightness. Colours do not count: a picture in black and white is no other picture."""
NEAR_AT_MOST = 6
"""Bits of 64."""

_WINDOW, _STARTS = 4, tuple(index * (SIDE - 4) // 8 for index in range(9))
"""Nine windows beside one another, which is eight differences a row."""


def difference(one: str, other: str) -> int:
    """Return by how much two fingerprints differ where they differ most, 0 to 255."""
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return max(abs(here - there) for here, there in pairs)


def is_same(one: str | None, other: str | None) -> bool:
    """Return whether two photos are one picture, however it is encoded; unknown is never same."""
    return bool(one and other) and difference(one or "", other or "") <= SAME_AT_MOST


def near_copies(fingerprints: Sequence[str | None]) -> list[tuple[int, int]]:
    """Find photos that are almost one picture, as those of a burst are.

    Returns:
        For each that is near to an earlier one, its index and that of the first such.
    """
    hashes = [difference_hash(known) if known else None for known in fingerprints]
    pairs = []
    for index, later in enumerate(hashes):
        for before, earlier in enumerate(hashes[:index]):
            if later is None or earlier is None:
                continue
            if (later ^ earlier).bit_count() <= NEAR_AT_MOST:
                pairs.append((index, before))
                break
    return pairs


def difference_hash(fingerprint: str) -> int:
    """Return 64 bits: in eight rows, whether each window is brighter than the one left of it."""
    levels = bytes.fromhex(fingerprint)
    bits = 0
    for top in range(0, len(levels), _WINDOW * SIDE):
        lines = (levels[top + line * SIDE :][:SIDE] for line in range(_WINDOW))
        columns = [sum(column) for column in zip(*lines, strict=True)]
        windows = [sum(columns[start : start + _WINDOW]) for start in _STARTS]
        for left, right in pairwise(windows):
            bits = bits << 1 | (right > left)
    return bits
