"""The container that HEIF, AVIF, JPEG XL, camera RAW and most videos share (ISO/IEC 14496-12).

It begins with a box that names a major brand and others that the file is compatible with.
"""

STILL_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"mif3", b"avif"})
"""Of files with a still picture as their primary one."""
_ANIMATIONS = frozenset({b"avis"})
"""Sequences that are shown moving."""
SEQUENCE_BRANDS = frozenset({b"hevc", b"hevx", b"hevm", b"hevs", b"msf1", b"avis"})

_MAX_BRANDS = 100
_COLOUR_BOX = b"colrnclx"
_MOST_BEFORE_COLOURS = 64 * 1024


def brands(head: bytes) -> list[bytes]:
    """Return the brands of a file, the major one first; none when it is no such container."""
    if head[4:8] != b"ftyp":
        return []
    end = min(int.from_bytes(head[:4], "big"), 16 + 4 * _MAX_BRANDS, len(head))
    return [head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))]


def with_still_brand(data: bytes) -> bytes:
    """Return a file so that decoders see its still picture, whatever its major brand says.

    Args:
        data: A file of any kind; it is returned as it is unless it has a still picture and another
            major brand.
    """
    found = brands(data[:1024])
    still = [brand for brand in found if brand in STILL_BRANDS]
    if not still or found[0] in (STILL_BRANDS - {b"mif1"}) | _ANIMATIONS:
        return data
    # mif1 says of a picture only that it is one; the brand of its codec says more.
    coded = [brand for brand in still if not brand.startswith(b"mif")]
    return data[:8] + (coded or still)[0] + data[12:]


def avif_code_points(data: bytes) -> tuple[int, int] | None:
    """Return colour primaries and transfer function of an AVIF, which Pillow does not tell."""
    box = data.find(_COLOUR_BOX, 0, _MOST_BEFORE_COLOURS)
    if box < 0:
        return None
    body = data[box + len(_COLOUR_BOX) :][:4].ljust(4, b"\0")
    return int.from_bytes(body[:2], "big"), int.from_bytes(body[2:], "big")
