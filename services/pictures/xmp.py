"""Marks files as made by AI, in their metadata and without touching their pixels.

What is written is XMP with IPTC's digital source type
(https://cv.iptc.org/newscodes/digitalsourcetype/), which is what Adobe, Google and the platforms
that label pictures read. It is put in as bytes: Pillow would decode and encode the picture again.
"""

import struct
import zlib
from xml.sax.saxutils import escape

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_JPEG, _PNG, _RIFF = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF"
_JFIF = b"\xff\xe0"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_PNG_XMP = b"XML:com.adobe.xmp\x00\x00\x00\x00\x00"
_IHDR_END = 33
"""The header chunk of a PNG comes first and has 13 bytes of data."""

_MOST_IN_JPEG = 65_535 - 2 - len(_JPEG_XMP)
_VP8X_BYTES = 10
_HAS_XMP, _HAS_ALPHA = 0x04, 0x10


def packet(prompt: str = "", seed: int | None = None) -> bytes:
    """Return the XMP of a picture made by AI.

    Args:
        prompt: What to write into it, too; empty for nothing.
        seed: The same.
    """
    told = [prompt] if prompt else []
    told += [f"Seed {seed}"] if seed is not None else []
    description = ""
    if told:
        words = escape("\n".join(told))
        description = (
            '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">'
            f"{words}</rdf:li></rdf:Alt></dc:description>"
        )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">'
        f"<Iptc4xmpExt:DigitalSourceType>{SOURCE_TYPE}</Iptc4xmpExt:DigitalSourceType>"
        f"{description}</rdf:Description></rdf:RDF></x:xmpmeta>"
        '<?xpacket end="r"?>'
    ).encode()


def with_xmp(data: bytes, xmp: bytes) -> bytes:
    """Return a JPEG, PNG or WebP with this XMP; any other file, or a broken one, as it is.

    Args:
        data: The file.
        xmp: From `packet`; more than a JPEG's segment takes is left out there.
    """
    if data.startswith(_JPEG):
        return _with_segment(data, xmp)
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        return data[:_IHDR_END] + _chunk(b"iTXt", _PNG_XMP + xmp) + data[_IHDR_END:]
    if data.startswith(_RIFF) and data[8:12] == b"WEBP":
        return _webp(data, xmp)
    return data


def _with_segment(data: bytes, xmp: bytes) -> bytes:
    if len(xmp) > _MOST_IN_JPEG:
        return data
    # JFIF's own segment must stay the first.
    after = 4 + int.from_bytes(data[4:6], "big") if data[2:4] == _JFIF else 2
    content = _JPEG_XMP + xmp
    segment = b"\xff\xe1" + (len(content) + 2).to_bytes(2, "big") + content
    return data[:after] + segment + data[after:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _webp(data: bytes, xmp: bytes) -> bytes:
    first = data[12:16]
    if first == b"VP8X" and len(data) > 20:
        chunks = data[12:20] + bytes([data[20] | _HAS_XMP]) + data[21:]
    elif (size := _webp_size(data)) is not None:
        width, height, has_alpha = size
        flags = _HAS_XMP | (_HAS_ALPHA if has_alpha else 0)
        canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        extended = struct.pack("<4sI", b"VP8X", _VP8X_BYTES) + bytes([flags, 0, 0, 0]) + canvas
        chunks = extended + data[12:]
    else:
        return data
    chunks += struct.pack("<4sI", b"XMP ", len(xmp)) + xmp + b"\x00" * (len(xmp) % 2)
    return _RIFF + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks


def _webp_size(data: bytes) -> tuple[int, int, bool] | None:
    """Return width, height and whether there is transparency, of a WebP in the simple form.

    Source: https://developers.google.com/speed/webp/docs/riff_container.
    """
    body = data[20:]
    if data[12:16] == b"VP8 " and body[3:6] == b"\x9d\x01\x2a" and len(body) >= 10:
        width, height = struct.unpack("<HH", body[6:10])
        return width & 0x3FFF, height & 0x3FFF, False
    if data[12:16] == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = int.from_bytes(body[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    return None
