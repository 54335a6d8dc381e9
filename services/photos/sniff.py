"""Recognise files that are no photos by their first bytes, so that the user reads a good reason.

This is a courtesy, not a check: whether something is a photo is decided by decoding it. The file's
name and the mime type that came with it are never looked at.
"""

import codecs
import re

from services.photos.container import SEQUENCE_BRANDS, STILL_BRANDS, brands
from services.photos.refusal import PhotoRefused, RefusalReason

HEAD_BYTES = 1024
"""How much of the file is looked at; an SVG may open with a long XML declaration."""

_FOREIGN_BRANDS = {
    b"jxl ": "JPEG XL",
    b"jp2 ": "JPEG 2000",
    b"jpx ": "JPEG 2000",
}
_OTHER_BRANDS = {
    b"M4A ": "M4A",
    b"M4B ": "M4A",
}

_VIDEO_MAGIC = (
    b"\x1a\x45\xdf\xa3",  # Matroska, WebM
    b"OggS",
    b"FLV\x01",
    b"\x00\x00\x01\xba",  # MPEG program stream
    b"\x00\x00\x01\xb3",  # MPEG video
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",  # ASF, WMV
)
# QuickTime files older than the `ftyp` box begin with one of these.
_QUICKTIME_ATOMS = frozenset({b"moov", b"mdat", b"wide", b"pnot"})

_OTHER_MAGIC = (
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"%!PS", "PostScript"),
    (b"\xc5\xd0\xd3\xc6", "PostScript"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office"),
    (b"\x00\x00\x01\x00", "ICO"),
    (b"ID3", "MP3"),
)
_FOREIGN_MAGIC = (
    (b"8BPS", "Photoshop"),
    (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\xff\x4f\xff\x51", "JPEG 2000"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (b"\xff\x0a", "JPEG XL"),
)
"""Photos that few programs open; their owner's can export them."""
_MARKUP = re.compile(rb"<(svg|!doctype svg|html|!doctype html)[\s>]", re.IGNORECASE)
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
"""No text has these; tabs, line breaks and the form feed stay out."""

_UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CYRILLIC = re.compile(rb"[\xa8\xb8\xc0-\xff]")
_ABOVE_ASCII = re.compile(rb"[\x80-\xff]")
_LEAST_CYRILLIC = 0.9
"""Of what is above ASCII in windows-1251, the rest being dashes and quotation marks; of random
bytes above ASCII, half are letters."""

_LEAST_LETTERS = 16
"""Fewer are no sign of anything."""

_JPEG_START = b"\xff\xd8"
"""Letters of windows-1251 as well, but together in no word; a comment of letters may follow."""


def refuse_known_non_photo(data: bytes) -> None:
    """Refuse a file that is plainly something else.

    Args:
        data: The file's bytes; only the first kilobyte is read.

    Raises:
        PhotoRefused: GIF, VIDEO, PDF, ANIMATED, or FOREIGN_PHOTO or NOT_A_PHOTO with `found`.
    """
    head = bytes(data[:HEAD_BYTES])
    if head.startswith((b"GIF87a", b"GIF89a")):
        raise PhotoRefused(RefusalReason.GIF)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"%PDF-"):
        raise PhotoRefused(RefusalReason.PDF)
    _refuse_media_container(head)
    for known, reason in (
        (_FOREIGN_MAGIC, RefusalReason.FOREIGN_PHOTO),
        (_OTHER_MAGIC, RefusalReason.NOT_A_PHOTO),
    ):
        for magic, found in known:
            if head.startswith(magic):
                raise PhotoRefused(reason, found=found)
    _refuse_markup(head)
    _refuse_text(head)


def _refuse_media_container(head: bytes) -> None:
    """Tell videos, and stills we do not take, from HEIF, which shares their container."""
    if head.startswith(_VIDEO_MAGIC) or head[4:8] in _QUICKTIME_ATOMS:
        raise PhotoRefused(RefusalReason.VIDEO)
    if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
        raise PhotoRefused(RefusalReason.VIDEO)
    found = brands(head)
    if not found or STILL_BRANDS & set(found):
        return
    brand = found[0]
    if brand in SEQUENCE_BRANDS:
        raise PhotoRefused(RefusalReason.ANIMATED)
    if brand in _FOREIGN_BRANDS:
        raise PhotoRefused(RefusalReason.FOREIGN_PHOTO, found=_FOREIGN_BRANDS[brand])
    if brand in _OTHER_BRANDS:
        raise PhotoRefused(RefusalReason.NOT_A_PHOTO, found=_OTHER_BRANDS[brand])
    raise PhotoRefused(RefusalReason.VIDEO)


def _refuse_markup(head: bytes) -> None:
    """Recognise SVG and HTML, which have no magic number but a first tag."""
    if not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return
    tag = _MARKUP.search(head)
    if tag is None:
        raise PhotoRefused(RefusalReason.NOT_A_PHOTO, found="XML")
    found = "SVG" if tag[1].lower().endswith(b"svg") else "HTML"
    raise PhotoRefused(RefusalReason.NOT_A_PHOTO, found=found)


def _refuse_text(head: bytes) -> None:
    """Recognise plain text in the encodings that Windows saves Russian ones in.

    The end of the head may cut the last letter.
    """
    if _JPEG_START in head:
        return
    encoding = "utf-16" if head.startswith(_UTF_16_MARKS) else "utf-8"
    if _is_text_in(encoding, head) or _is_windows_1251(head):
        raise PhotoRefused(RefusalReason.NOT_A_PHOTO, found="text")


def _is_text_in(encoding: str, head: bytes) -> bool:
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return text != "" and _CONTROL.search(text) is None


def _is_windows_1251(head: bytes) -> bool:
    """Return whether nearly all that is not ASCII is a letter: nearly any bytes can be decoded."""
    above = len(_ABOVE_ASCII.findall(head))
    letters = len(_CYRILLIC.findall(head))
    is_russian = letters >= _LEAST_LETTERS and letters >= _LEAST_CYRILLIC * above
    return is_russian and _is_text_in("windows-1251", head)
