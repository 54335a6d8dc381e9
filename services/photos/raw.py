"""A camera's RAW file: tell it, and find the picture that its camera has put into it.

RAW itself is a matter for a photo program. But nearly every camera stores a finished JPEG in the
same file, often in full size, for its own screen and for viewers.
"""

import struct

_MAGIC = (
    (b"II*\x00\x10\x00\x00\x00CR", "Canon RAW"),
    (b"II\x55\x00", "Panasonic RAW"),
    (b"IIRO", "Olympus RAW"),
    (b"IIRS", "Olympus RAW"),
    (b"MMOR", "Olympus RAW"),
    (b"FUJIFILMCCD-RAW", "Fujifilm RAW"),
    (b"\x00MRM", "Minolta RAW"),
    (b"FOVb", "Sigma RAW"),
)
_CANON_BRAND = b"ftypcrx "
_DNG_VERSION, _MAKE, _KIND, _SUB_PICTURES, _ORIENTATION = 50706, 271, 254, 330, 274
_REDUCED = 1
_MAKERS = frozenset({"Nikon", "Sony", "Pentax", "Samsung", "Canon", "Olympus", "Kodak", "Epson"})

_MAX_TAGS, _MAX_TEXT = 200, 64
_ASCII, _SHORT, _LONG = 2, 3, 4
_TIFF_HEADS = (b"II", b"MM")
_CANON_TAGS = b"CMT1"
_MOST_BEFORE_TAGS = 64 * 1024

_MAX_JPEGS, _MAX_SEGMENTS = 1000, 64
_START = b"\xff\xd8\xff"
_PLAIN_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
"""Baseline, extended and progressive; the sensor's own data are often lossless JPEG (0xC3)."""
_NO_SEGMENTS = frozenset({0xC3, *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xDB)})
"""Other frames, or what cannot stand before one."""
_EXIF_MARK, _EXIF = 0xE1, b"Exif\0\0"


def raw_kind(data: bytes) -> str | None:
    """Return the usual name of a RAW file, None for any other file."""
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data[4:12] == _CANON_BRAND:
        return "Canon RAW"
    tags = _first_tags(data)
    if _DNG_VERSION in tags:
        return "DNG RAW"
    words = str(tags.get(_MAKE, "")).split()
    maker = words[0].title() if words else ""
    # A TIFF whose first picture is a small one, with the large one elsewhere.
    if tags.get(_KIND) == _REDUCED and (_SUB_PICTURES in tags or maker in _MAKERS):
        return f"{maker} RAW" if maker in _MAKERS else "camera RAW"
    return None


def camera_jpeg(data: bytes, min_side_px: int) -> bytes | None:
    """Return the largest JPEG in a RAW file, the way up that the camera was held.

    Args:
        data: The file.
        min_side_px: A smaller short side is of no use.

    Returns:
        From the JPEG's first byte to the end of the file; None when there is none.
    """
    best, most, at = None, 0, data.find(_START)
    for _ in range(_MAX_JPEGS):
        if at < 0:
            break
        width, height = _size(data, at)
        if min(width, height) >= min_side_px and width * height > most:
            best, most = at, width * height
        at = data.find(_START, at + 1)
    if best is None:
        return None
    jpeg = data[best:]
    return jpeg if _has_exif(jpeg) else _turned(jpeg, _orientation(data))


def _size(data: bytes, start: int) -> tuple[int, int]:
    """Return width and height from the header of a JPEG, zeros where none begins here."""
    for kind, at in _segments(data, start):
        if kind in _PLAIN_FRAMES and len(data) >= at + 9 and data[at + 4] == 8:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
    return 0, 0


def _has_exif(jpeg: bytes) -> bool:
    return any(
        kind == _EXIF_MARK and jpeg[at + 4 : at + 10] == _EXIF for kind, at in _segments(jpeg, 0)
    )


def _segments(data: bytes, start: int) -> list[tuple[int, int]]:
    """Return the marker and place of each segment up to the frame's."""
    found: list[tuple[int, int]] = []
    at = start + 2
    while len(found) < _MAX_SEGMENTS and at + 4 <= len(data) and data[at] == 0xFF:
        kind = data[at + 1]
        if kind in _NO_SEGMENTS or kind in {0x00, 0xFF}:
            break
        found.append((kind, at))
        if kind in _PLAIN_FRAMES:
            break
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


def _turned(jpeg: bytes, orientation: int) -> bytes:
    """Put an orientation into a JPEG that has no EXIF."""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, orientation, 0)
    exif = _EXIF + b"MM\0*\0\0\0\x08\0\x01" + entry + bytes(4)
    segment = bytes((0xFF, _EXIF_MARK)) + struct.pack(">H", len(exif) + 2) + exif
    return jpeg[:2] + segment + jpeg[2:]


def _orientation(data: bytes) -> int:
    begin = data.find(_CANON_TAGS, 0, _MOST_BEFORE_TAGS) + len(_CANON_TAGS)
    is_canon = data[4:12] == _CANON_BRAND and begin >= len(_CANON_TAGS)
    value = _first_tags(data[begin : begin + _MOST_BEFORE_TAGS] if is_canon else data).get(
        _ORIENTATION, 1
    )
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _first_tags(data: bytes) -> dict[int, int | str]:
    """Return the first numbers and texts of a TIFF's first folder; nothing is raised."""
    if data[:2] not in _TIFF_HEADS:
        return {}
    order = "<" if data[:2] == b"II" else ">"
    tags: dict[int, int | str] = {}
    try:
        (folder,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, folder)
        for index in range(min(count, _MAX_TAGS)):
            at = folder + 2 + index * 12
            tag, kind, length = struct.unpack_from(order + "HHI", data, at)
            (value,) = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), data, at + 8)
            tags[tag] = value
            if kind == _ASCII:
                begin = at + 8 if length <= 4 else value
                text = data[begin : begin + min(length, _MAX_TEXT)]
                tags[tag] = text.partition(b"\0")[0].decode("ascii", "replace")
    except struct.error:
        return tags
    return tags
