"""Follow the chunks of a PNG: what a picture needs of it, whatever is wrong with the rest.

Pillow refuses a file for a broken chunk that no viewer looks at.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_PROFILE_BYTES = 1024 * 1024
"""Unpacked. Pillow refuses a file with a larger colour profile; real ones have some kilobytes."""

_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT"})
_USEFUL = frozenset({b"tRNS", b"iCCP", b"eXIf", b"acTL"})
"""Transparency, colours, which way up, and whether it moves."""
_CHUNK = struct.Struct(">I4s")
_CRC = struct.Struct(">I")


@dataclass(frozen=True)
class Png:
    """What a decoder needs of a PNG file.

    Attributes:
        data: A PNG with an end, without chunks that are broken or not needed.
        code_points: What the numbers mean: colour primaries and transfer function of its `cICP`
            chunk (ITU-T H.273); None where it has none.
    """

    data: bytes
    code_points: tuple[int, int] | None = None


def followed_png(data: bytes) -> Png:
    """Follow the chunks of a file that begins with `SIGNATURE`; nothing is raised."""
    pieces, code_points = [SIGNATURE], None
    for kind, body, is_whole in _chunks(data):
        if kind == b"cICP" and is_whole and len(body) == 4:
            code_points = body[0], body[1]
        if kind in _CRITICAL or (kind in _USEFUL and is_whole and _is_bearable(kind, body)):
            # A wrong checksum stays wrong where it matters; the last rows of a file that was cut
            # off behind them have none.
            crc = zlib.crc32(kind + body) ^ (0 if is_whole or _is_last(kind, body, data) else 1)
            pieces += (_CHUNK.pack(len(body), kind), body, _CRC.pack(crc))
    pieces += (_CHUNK.pack(0, b"IEND"), _CRC.pack(zlib.crc32(b"IEND")))
    return Png(b"".join(pieces), code_points)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Yield kind, content, and whether the checksum is right, up to the end mark."""
    position = len(SIGNATURE)
    while position + _CHUNK.size <= len(data):
        length, kind = _CHUNK.unpack_from(data, position)
        begin = position + _CHUNK.size
        body, crc = data[begin : begin + length], data[begin + length : begin + length + _CRC.size]
        if kind == b"IEND":
            return
        yield kind, body, crc == _CRC.pack(zlib.crc32(kind + body))
        position = begin + length + _CRC.size


def _is_last(kind: bytes, body: bytes, data: bytes) -> bool:
    return kind == b"IDAT" and data.endswith(body)


def _is_bearable(kind: bytes, body: bytes) -> bool:
    """Return whether a colour profile can be unpacked in full, within bounds."""
    if kind != b"iCCP":
        return True
    name, _, packed = body.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return False
    return bool(name) and unpacker.eof
