"""Follow the markers of a JPEG: what a decoder needs of it, and whether its picture is whole.

Everything here looks at each byte once.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.photos.libjpeg import warnings_of
from services.photos.refusal import PhotoRefused, RefusalReason

MAX_JPEG_SCANS = 100
"""Progressive photos have about 10 scans. Each one passes over the whole picture however few bytes
it has, so a small file with many thousands of them would keep a processor busy for hours."""
MAX_SEGMENTS = 20_000
"""Photos have some tens, and some hundreds with a large colour profile or a maker's data."""

_START, _END = b"\xff\xd8", b"\xff\xd9"
_IN_FRONT = b"\xef\xbb\xbf \t\r\n"
"""What careless programs leave in front of a file: a byte order mark, the rest of a header."""

# Two bytes and no repeat: a search looks at each byte once, also in a long run of 0xFF, with which
# a marker may begin. Restart markers are a part of the picture data.
_NEXT_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_SOI, _EOI, _SOS, _TEM, _DHT, _DRI = 0xD8, 0xD9, 0xDA, 0x01, 0xC4, 0xDD
_FRAMES = frozenset(range(0xC0, 0xD0)) - {_DHT, 0xC8}
_TABLES = frozenset({_DHT, 0xDB, 0xCC, _DRI})
_HUFFMAN_SEQUENTIAL = frozenset({0xC0, 0xC1})
_WANTED_DATA = {0xE0: b"JF", 0xE1: b"Exif\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""Application data that says how to show the picture; all other is left behind."""

_EXTRANEOUS = re.compile(r"(\d{1,12}) extraneous bytes before marker 0x([0-9a-f]{2})")
_DAMAGE = ("Corrupt JPEG data", "Premature end")
_FEW_VALUES = 8
_HOLE_BYTES, _LONG_HOLE_BYTES = 48, 512


@dataclass(frozen=True)
class Scan:
    """One pass over the picture.

    Attributes:
        components: How many of its colour components it holds.
        data: Its picture data.
        hole_bytes: How many zero bytes in a row are no part of a picture; None when any number may
            be.
    """

    components: int
    data: bytes
    hole_bytes: int | None


@dataclass
class Jpeg:
    """What a decoder needs of a JPEG file.

    Attributes:
        data: A JPEG of the first picture only: without what stands before a marker or behind the
            end, without metadata beside EXIF and the ICC profile, and with an end.
        scans: In order; at most `MAX_JPEG_SCANS` + 1.
    """

    data: bytes = b""
    scans: list[Scan] = field(default_factory=list)


def is_jpeg(data: bytes) -> bool:
    """Return whether a file begins as a JPEG, perhaps after a line break or a byte order mark."""
    return data[:64].lstrip(_IN_FRONT).startswith(_START)


def followed(data: bytes) -> Jpeg:
    """Follow the markers of a file that `is_jpeg`.

    Raises:
        PhotoRefused: UNREADABLE, it has too many segments.
    """
    jpeg, pieces = Jpeg(), [_START]
    first_codes: dict[int, int] = {}
    is_sequential = True
    for count, (code, segment, rest) in enumerate(_segments(data)):
        if count == MAX_SEGMENTS:
            raise PhotoRefused(RefusalReason.UNREADABLE)
        if code == _DHT:
            first_codes |= _first_codes(segment)
        if code in _FRAMES:
            is_sequential = code in _HUFFMAN_SEQUENTIAL
        if code == _SOS:
            hole = _hole_bytes(segment, first_codes, is_sequential=is_sequential)
            jpeg.scans.append(Scan(segment[2] if len(segment) > 2 else 0, rest, hole))
        if code in _FRAMES | _TABLES | {_SOS} or segment[2:].startswith(
            _WANTED_DATA.get(code, b"?")
        ):
            pieces += (bytes((0xFF, code)), segment, rest)
        if len(jpeg.scans) > MAX_JPEG_SCANS:
            break
    jpeg.data = b"".join((*pieces, _END))
    return jpeg


def _segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each marker with its segment, which begins with its length, and its picture data."""
    position = data.index(_START) + len(_START)
    while (marker := _NEXT_MARKER.search(data, position)) is not None:
        code, body = marker[1][0], marker.end()
        if code == _EOI:
            return
        length = int.from_bytes(data[body : body + 2], "big")
        if code in {_SOI, _TEM} or length < 2:
            position = body
            continue
        position = body + length
        rest = b""
        if code == _SOS:
            following = _NEXT_MARKER.search(data, position)
            end = following.start() if following else len(data)
            rest, position = data[position:end].rstrip(b"\xff"), end
        yield code, data[body : body + length], rest


def _first_codes(segment: bytes) -> dict[int, int]:
    """Return what zero bits mean, by class and number of each Huffman table in a DHT segment."""
    found, position = {}, 2
    while position + 17 < len(segment):
        found[segment[position]] = segment[position + 17]
        position += 17 + sum(segment[position + 1 : position + 17])
    return found


def _hole_bytes(segment: bytes, first_codes: dict[int, int], *, is_sequential: bool) -> int | None:
    """Return how many zero bytes in a row a scan cannot have.

    In a sequential scan they may mean blocks of one colour; where they do not in all components,
    they mean the same coefficient 63 times in each block. In the first scan of coefficients of a
    progressive JPEG they mean empty blocks, which are counted instead of written one by one; in a
    later one, that thousands of coefficients happen to go on with the same bit.
    """
    tables_end = 3 + 2 * segment[2] if len(segment) > 2 else 3
    if not is_sequential:
        first, _last, approximation = segment[tables_end : tables_end + 3].ljust(3, b"\0")
        if first == 0:
            return None
        return _LONG_HOLE_BYTES if approximation >> 4 else _HOLE_BYTES
    numbers = segment[4:tables_end:2]
    mean_one_colour = all(first_codes.get(0x10 | number & 0x0F, 0) == 0 for number in numbers)
    return None if mean_one_colour else _HOLE_BYTES


def refuse_damaged(jpeg: Jpeg) -> None:
    """Refuse a JPEG whose picture has a hole, noise or an early end, which decoders cover up.

    Args:
        jpeg: One that Pillow has decoded without an error.

    Raises:
        PhotoRefused: UNREADABLE.
    """
    left_over = 0
    for warning in warnings_of(jpeg.data):
        extraneous = _EXTRANEOUS.search(warning)
        if extraneous is not None and extraneous[2] == f"{_EOI:02x}":
            left_over = int(extraneous[1])
        elif extraneous is not None or warning.startswith(_DAMAGE):
            raise PhotoRefused(RefusalReason.UNREADABLE)
    if left_over and not _is_padding(jpeg.scans[-1].data, left_over):
        raise PhotoRefused(RefusalReason.UNREADABLE)
    for scan in jpeg.scans:
        read = scan.data[: len(scan.data) - (left_over if scan is jpeg.scans[-1] else 0)]
        if scan.hole_bytes and bytes(scan.hole_bytes) in read:
            raise PhotoRefused(RefusalReason.UNREADABLE)


def _is_padding(data: bytes, left_over: int) -> bool:
    """Tell what an encoder or a program has put behind the last row from a row that was shifted.

    Picture data uses all values, unlike padding; and a picture that itself ends in nothing but
    zeros, with more of them behind, is the beginning of one.
    """
    picture, rest = data[:-left_over], data[-left_over:]
    return len(set(rest)) <= _FEW_VALUES and not (
        picture.endswith(bytes(_HOLE_BYTES)) and rest.startswith(b"\0")
    )
