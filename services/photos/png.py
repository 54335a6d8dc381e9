"""Follow the chunks of a PNG: what a picture needs of it, whatever is wrong with the rest.

Pillow refuses a file for a broken chunk that no viewer looks at, and does not know the PNGs that
Xcode makes for iPhones.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from services.photos.code_points import Calibration, Primaries

SIGNATURE = b"\x89PNG\r\n\x1a\n"

MAX_PROFILE_BYTES = 1024 * 1024
"""Unpacked. Pillow refuses a file with a larger colour profile; real ones have some kilobytes."""

_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT"})
_USEFUL = frozenset({b"tRNS", b"iCCP", b"eXIf", b"acTL"})
"""Transparency, colours, which way up, and whether it moves."""
_CHUNK = struct.Struct(">I4s")
_CRC = struct.Struct(">I")

_APPLES = b"CgBI"
_PIECE, _MOST_UNPACKED = 1 << 14, 1 << 30
"""Bytes: a piece becomes a thousand times larger at most, and no picture that is accepted has more
when unpacked."""
_SRGB_GAMMA, _SRGB_PRIMARIES = 2.2, ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_WHITE = (0.3127, 0.3290)
_GAMMA_LEEWAY, _PLACE_LEEWAY = 0.1, 0.01
"""Programs round differently; so little is not seen."""
_MIN_GAMMA, _MAX_GAMMA = 0.2, 5.0


@dataclass(frozen=True)
class Png:
    """What a decoder needs of a PNG file.

    Attributes:
        data: A PNG with an end, without chunks that are broken or not needed.
        code_points: What the numbers mean: colour primaries and transfer function of its `cICP`
            chunk (ITU-T H.273); None where it has none.
        calibration: The same from `gAMA` and `cHRM`, which count where nothing else tells; None
            where they say sRGB, or nothing.
        is_apples: Made by Xcode: blue comes first, and colours are multiplied by alpha.
    """

    data: bytes
    code_points: tuple[int, int] | None = None
    calibration: Calibration | None = None
    is_apples: bool = False


def followed_png(data: bytes) -> Png:
    """Follow the chunks of a file that begins with `SIGNATURE`; nothing is raised."""
    pieces, said = [SIGNATURE], dict[bytes, bytes]()
    is_apples = data[12:16] == _APPLES
    for kind, body, is_whole in _chunks(data):
        if is_whole:
            said.setdefault(kind, body)
        if is_apples and kind == b"IDAT":
            continue
        if kind in _CRITICAL or (kind in _USEFUL and is_whole and _is_bearable(kind, body)):
            # A wrong checksum stays wrong where it matters; the last rows of a file that was cut
            # off behind them have none.
            crc = zlib.crc32(kind + body) ^ (0 if is_whole or _is_last(kind, body, data) else 1)
            pieces += (_CHUNK.pack(len(body), kind), body, _CRC.pack(crc))
    if is_apples:
        pieces.append(_chunk(b"IDAT", _wrapped([b for k, b, _ in _chunks(data) if k == b"IDAT"])))
    pieces.append(_chunk(b"IEND", b""))
    cicp = said.get(b"cICP", b"")
    code_points = (cicp[0], cicp[1]) if len(cicp) == 4 else None
    return Png(b"".join(pieces), code_points, _calibration(said), is_apples)


def as_others_mean_it(image: Image.Image) -> None:
    """Decode a picture made by Xcode, and bring its colours to their usual order and meaning."""
    image.load()
    if image.mode not in {"RGB", "RGBA"}:
        return
    bands = list(image.split())
    bands[0], bands[2] = bands[2], bands[0]
    swapped = Image.merge(image.mode, bands)
    if image.mode == "RGBA":
        multiplied = Image.frombytes("RGBa", image.size, swapped.tobytes())
        swapped = multiplied.convert("RGBA")
    image.im = swapped.im


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


def _chunk(kind: bytes, body: bytes) -> bytes:
    return _CHUNK.pack(len(body), kind) + body + _CRC.pack(zlib.crc32(kind + body))


def _wrapped(packed: list[bytes]) -> bytes:
    """Give bare compressed rows the head and the checksum that Xcode leaves away."""
    data, unpacker, checksum, unpacked = b"".join(packed), zlib.decompressobj(-15), 1, 0
    try:
        for start in range(0, len(data), _PIECE):
            piece = unpacker.decompress(data[start : start + _PIECE])
            checksum, unpacked = zlib.adler32(piece, checksum), unpacked + len(piece)
            if unpacked > _MOST_UNPACKED:
                return b""
    except zlib.error:
        return b""
    return b"\x78\x01" + data + checksum.to_bytes(4, "big")


def _calibration(said: dict[bytes, bytes]) -> Calibration | None:
    """Read `gAMA` and `cHRM`; other chunks that tell of colours go before them."""
    if said.keys() & {b"cICP", b"iCCP", b"sRGB"}:
        return None
    gamma, primaries = _gamma(said.get(b"gAMA", b"")), _primaries(said.get(b"cHRM", b""))
    return Calibration(gamma, primaries) if gamma or primaries else None


def _gamma(body: bytes) -> float | None:
    if len(body) != 4 or not any(body):
        return None
    gamma = 100_000 / int.from_bytes(body, "big")
    is_srgbs = abs(gamma - _SRGB_GAMMA) <= _GAMMA_LEEWAY
    return gamma if _MIN_GAMMA <= gamma <= _MAX_GAMMA and not is_srgbs else None


def _primaries(body: bytes) -> Primaries | None:
    if len(body) != 32:
        return None
    numbers = [number / 100_000 for number in struct.unpack(">8I", body)]
    white, red, green, blue = zip(numbers[::2], numbers[1::2], strict=True)
    found = red, green, blue
    # Other white points would need an adaptation, and are hardly ever meant.
    if not _is_at(white, _WHITE) or any(x + y > 1 or y <= 0 for x, y in found):
        return None
    is_srgbs = all(_is_at(*both) for both in zip(found, _SRGB_PRIMARIES, strict=True))
    return None if is_srgbs or _area(found) < _PLACE_LEEWAY else found


def _is_at(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a - b) <= _PLACE_LEEWAY for a, b in zip(one, other, strict=True))


def _area(corners: Primaries) -> float:
    (ax, ay), (bx, by), (cx, cy) = corners
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2


def _is_last(kind: bytes, body: bytes, data: bytes) -> bool:
    return kind == b"IDAT" and data.endswith(body)


def _is_bearable(kind: bytes, body: bytes) -> bool:
    """Return whether an animation moves, and a colour profile can be unpacked within bounds."""
    if kind == b"acTL":
        return body[:4] != b"\0\0\0\x01"
    if kind != b"iCCP":
        return True
    name, _, packed = body.partition(b"\0")
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(packed[1:], MAX_PROFILE_BYTES)
    except zlib.error:
        return False
    return bool(name) and unpacker.eof
