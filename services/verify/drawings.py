"""Pictures to train on that show nobody: drawn heads, as PNG files made by hand.

They are prepared like a user's photos, in the photo process: nothing here decodes a picture.
"""

import struct
import zlib
from collections.abc import Iterator

SIDE_PX = 1024
COUNT = 10
"""Most trainers ask for at least ten."""

Colour = tuple[int, int, int]
Oval = tuple[int, int, int, int, Colour]
"""Middle (x, y), half of width and height in pixels, colour."""


def drawings() -> Iterator[bytes]:
    """Return different PNGs of one drawn head."""
    for number in range(COUNT):
        background = (40 + 20 * number, 120, 220 - 15 * number)
        yield _png([_row(y, background, _head(380 + 30 * number)) for y in range(SIDE_PX)])


def _head(x: int) -> list[Oval]:
    eyes = [(x + side, 440, 28, 20, (250, 250, 250)) for side in (-90, 90)]
    pupils = [(x + side, 440, 11, 13, (40, 60, 40)) for side in (-90, 90)]
    hair, skin = (x, 430, 235, 290, (90, 50, 30)), (x, 510, 205, 280, (228, 180, 150))
    return [hair, skin, *eyes, *pupils, (x, 540, 18, 50, (205, 150, 120)), _mouth(x)]


def _mouth(x: int) -> Oval:
    return (x, 660, 85, 22, (170, 60, 60))


def _row(y: int, background: Colour, ovals: list[Oval]) -> bytes:
    row = bytearray(bytes(background) * SIDE_PX)
    for middle_x, middle_y, half_width, half_height, colour in ovals:
        share = 1 - ((y - middle_y) / half_height) ** 2
        if share > 0:
            half = int(half_width * share**0.5)
            start, stop = max(0, middle_x - half), min(SIDE_PX, middle_x + half)
            row[start * 3 : stop * 3] = bytes(colour) * (stop - start)
    return bytes(row)


def _png(rows: list[bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", SIDE_PX, SIDE_PX, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    chunks = ((b"IHDR", header), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
