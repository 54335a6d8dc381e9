"""Damaged, cut off and foreign files among the photos of a soak, each with its verdict."""

import random
from collections.abc import Callable
from typing import NamedTuple

from tests.e2e import pictures

RUN_BYTES = 100_000
"""So many bytes of 0xFF once held up everybody for minutes."""


class OddFile(NamedTuple):
    """A file, and what must become of it: a reason of refusal, or `accepted`."""

    data: bytes
    name: str
    verdict: str


def _jpeg(dice: random.Random) -> bytes:
    return pictures.photo(dice.randrange(pictures.HUES), 540, 600)


def _header_and_run(dice: random.Random) -> bytes:
    whole = _jpeg(dice)
    # Without a comment the head would be the same each time, and the second file only a repeat.
    comment = b"\xff\xfe" + (2 + 16).to_bytes(2) + dice.randbytes(16)
    head = whole[2 : whole.index(b"\xff\xda")]
    return whole[:2] + comment + head + b"\xff" * RUN_BYTES


def _run_in_the_picture(dice: random.Random) -> bytes:
    whole = _jpeg(dice)
    # With a zero behind it the run would be one byte of data, which need not show in the picture.
    behind = range(len(whole) * 2 // 3, len(whole))
    middle = next(at for at in behind if 0 < whole[at] < 0xC0 and whole[at - 1] != 0xFF)
    return whole[:middle] + b"\xff" * RUN_BYTES + whole[middle:]


def _run_before_a_marker(dice: random.Random) -> bytes:
    # As many as one likes may stand there (ITU-T T.81, B.1.1.2).
    whole = _jpeg(dice)
    return whole[:2] + b"\xff" * RUN_BYTES + whole[2:]


def _half(dice: random.Random) -> bytes:
    whole = _jpeg(dice)
    return whole[: len(whole) // 2]


def _half_zeros(dice: random.Random) -> bytes:
    whole = _jpeg(dice)
    return whole[: len(whole) // 2] + bytes(len(whole) // 2)


def _without_end(dice: random.Random) -> bytes:
    return _jpeg(dice)[:-2]


def _half_png(dice: random.Random) -> bytes:
    whole = pictures.encoded(pictures.drawn(dice.randrange(pictures.HUES)), "PNG")
    return whole[: len(whole) // 2]


def _gif(dice: random.Random) -> bytes:
    return pictures.encoded(pictures.drawn(dice.randrange(pictures.HUES)), "GIF")


def _pdf(dice: random.Random) -> bytes:
    return b"%PDF-1.7\n" + dice.randbytes(2000)


def _noise(dice: random.Random) -> bytes:
    return b"\0" + dice.randbytes(5000)


KINDS: tuple[tuple[Callable[[random.Random], bytes], str], ...] = (
    (_header_and_run, "unreadable"),
    (_run_in_the_picture, "unreadable"),
    (_run_before_a_marker, "accepted"),
    (_half, "unreadable"),
    (_half_zeros, "unreadable"),
    (_without_end, "accepted"),
    (_half_png, "unreadable"),
    (_gif, "gif"),
    (_pdf, "pdf"),
    (_noise, "unreadable"),
)


def odd_file(dice: random.Random) -> OddFile:
    """Make a file of some kind, unlike every one before; all say that they are JPEGs."""
    make, verdict = dice.choice(KINDS)
    return OddFile(make(dice), f"{make.__name__.strip('_')}.jpg", verdict)
