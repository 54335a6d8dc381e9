"""Photo files, and things that pretend to be, made by script, with what should become of each.

The picture in most of them has a different colour in each corner, so that a turn, a mirror image
or a wrong colour shows.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from PIL import Image, ImageCms, ImageDraw, PngImagePlugin
from pillow_heif import from_pillow, register_heif_opener

from services.photos.jpeg import MAX_SEGMENTS
from services.photos.png import SIGNATURE
from services.photos.refusal import RefusalReason
from tests.made_once import made_once

register_heif_opener()

WIDTH, HEIGHT = 640, 800
Colour = tuple[int, int, int]
Corners = tuple[Colour, Colour, Colour, Colour]
Pixel = int | tuple[int, ...]
RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 200, 40), (40, 50, 210), (128, 128, 128)
CORNERS: Corners = (RED, GREEN, BLUE, GREY)
"""Colours at the top left, top right, bottom left and bottom right."""


@dataclass(frozen=True)
class Case:
    """One file of the corpus.

    Attributes:
        make: Builds the file's bytes, once in a test run.
        refused: The reason it must be refused for, or None when it must be accepted.
        format: The format it must be recognised as.
        corners: Colours its prepared photo must have in its corners; None when not compared.
        size: Width and height it must be measured to have.
    """

    make: Callable[[], bytes]
    refused: RefusalReason | None = None
    format: str = ""
    corners: Corners | None = CORNERS
    size: tuple[int, int] = (WIDTH, HEIGHT)


@cache
def picture(width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A picture with four differently coloured quarters."""
    image = Image.new("RGB", (width, height))
    draw = ImageDraw.Draw(image)
    for index, colour in enumerate(CORNERS):
        left, top = (index % 2) * (width // 2), (index // 2) * (height // 2)
        draw.rectangle((left, top, left + width, top + height), fill=colour)
        if not index % 2:
            draw.rectangle((left + width // 2, top, width, top + height), fill=CORNERS[index + 1])
    return image


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def jpeg(image: Image.Image | None = None, **options: object) -> bytes:
    return encoded(image or picture(), "JPEG", **{"quality": 92, **options})


def heic(image: Image.Image | None = None, **options: object) -> bytes:
    buffer = io.BytesIO()
    from_pillow(image or picture()).save(buffer, **options)
    return buffer.getvalue()


def exif_with(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Secret Camera Maker"
    exif[0x8825] = {1: "N", 2: (55.0, 45.0, 7.0), 3: "E", 4: (37.0, 36.0, 56.0)}  # GPS
    return exif


STORED_AS = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that writes this orientation stores an upright scene."""


def oriented(orientation: int, file_format: str = "JPEG") -> bytes:
    turn = STORED_AS[orientation]
    stored = picture() if turn is None else picture().transpose(turn)
    return encoded(stored, file_format, exif=exif_with(orientation))


def png_chunk(kind: bytes, body: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + crc


def png(
    width: int, height: int, depth: int, colour: int, pixels: bytes, extra: bytes = b""
) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    body = header + extra + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def png_claiming(width: int, height: int) -> bytes:
    return png(width, height, 8, 2, zlib.compress(b"\0" * 1000))


def png_of_zeros(width: int, height: int, depth: int = 8, colour: int = 0) -> bytes:
    """A true picture of zeros, whatever its size: rows are compressed as a stream."""
    channels = {0: 1, 2: 3, 6: 4}[colour]
    row = bytes(1 + width * channels * depth // 8)
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return png(width, height, depth, colour, packed)


def png_16_bit_colour() -> bytes:
    rows = bytearray()
    for y in range(HEIGHT):
        rows.append(0)
        for x in (0, 1):
            colour = CORNERS[x + 2 * (y >= HEIGHT // 2)]
            rows += struct.pack(">3H", *(value * 257 for value in colour)) * (WIDTH // 2)
    return png(WIDTH, HEIGHT, 16, 2, zlib.compress(bytes(rows)))


def grey_16_bit() -> Image.Image:
    """Dark left half (64 of 255), light right half (192 of 255)."""
    image = Image.new("I;16", (WIDTH, HEIGHT), 64 * 257)
    image.paste(192 * 257, (WIDTH // 2, 0, WIDTH, HEIGHT))
    return image


DARK_LIGHT = ((64, 64, 64), (192, 192, 192), (64, 64, 64), (192, 192, 192))
BLACK_WHITE = ((0, 0, 0), (255, 255, 255), (0, 0, 0), (255, 255, 255))
WHITE: Colour = (255, 255, 255)
PAPER: Corners = ((238, 238, 238),) * 4
"""What 203 nits, the white of paper in HDR (ITU-R BT.2408), are in sRGB with room above."""
TOP_CLEAR = (WHITE, WHITE, BLUE, GREY)


def two_tone(mode: str, left: Pixel, right: Pixel) -> Image.Image:
    image = Image.new(mode, (WIDTH, HEIGHT), left)
    image.paste(right, (WIDTH // 2, 0, WIDTH, HEIGHT))
    return image


def top_clear() -> Image.Image:
    """The picture with its upper half fully transparent."""
    image = picture().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, WIDTH, HEIGHT // 2))
    return image


def palette_with_clear_colour() -> bytes:
    image = picture().quantize(8)
    return encoded(image, "PNG", transparency=image.getpixel((0, 0)))


def palette_with_clear_alphas() -> bytes:
    image = picture().quantize(8)
    alphas = bytearray(b"\xff" * 256)
    alphas[image.tobytes()[0]] = 0
    return encoded(image, "PNG", transparency=bytes(alphas))


def colour_png_with_clear_colour() -> bytes:
    return encoded(picture(), "PNG", transparency=RED)


def lab_tiff() -> bytes:
    lab = ImageCms.createProfile("LAB")
    image = ImageCms.profileToProfile(
        picture(), ImageCms.createProfile("sRGB"), lab, outputMode="LAB"
    )
    assert image is not None
    return encoded(image, "TIFF")


def xmp_turned() -> bytes:
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf'
        b'-syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/"'
        b' tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    )


def png_turned_by_xmp() -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp_turned().decode())
    return encoded(picture(), "PNG", pnginfo=text)


def animation(file_format: str, **options: object) -> bytes:
    frames = [picture(), picture().transpose(Image.Transpose.ROTATE_180)]
    return encoded(
        frames[0], file_format, save_all=True, append_images=frames[1:], duration=100, **options
    )


def mpo() -> bytes:
    return encoded(
        picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 64))], quality=92
    )


def tiff_pages() -> bytes:
    return encoded(picture(), "TIFF", save_all=True, append_images=[Image.new("RGB", (64, 64))])


def zip_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photo.jpg", jpeg())
    return buffer.getvalue()


def s15(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def display_p3_profile() -> bytes:
    """Display P3 as its published profile has it: primaries adapted to D50, sRGB's curve."""
    primaries = (
        (0.51512, 0.24120, -0.00105),
        (0.29198, 0.69225, 0.04189),
        (0.15710, 0.06657, 0.78407),
    )
    numbers = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    curve = b"para\0\0\0\0\0\3\0\0" + b"".join(map(s15, numbers))
    tags = {
        name: b"XYZ \0\0\0\0" + b"".join(map(s15, values))
        for name, values in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True)
    }
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    tags[b"wtpt"] = b"XYZ \0\0\0\0" + s15(0.9642) + s15(1) + s15(0.8249)
    tags[b"desc"] = b"desc\0\0\0\0" + struct.pack(">I", 3) + b"P3\0" + bytes(79)
    return icc_profile(b"mntr", b"RGB ", tags)


def swapped_profile() -> bytes:
    """An ICC profile whose red primary is sRGB's green and the other way round.

    Nothing else shows as plainly whether a profile was obeyed.
    """
    red, green, blue = (
        (0.43607, 0.22249, 0.01392),
        (0.38515, 0.71687, 0.09708),
        (0.14307, 0.06061, 0.71410),
    )

    def xyz(values: tuple[float, float, float]) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(map(s15, values))

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags = {
        b"rXYZ": xyz(green),
        b"gXYZ": xyz(red),
        b"bXYZ": xyz(blue),
        b"wtpt": xyz((0.9642, 1.0, 0.8249)),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 8) + b"swapped\0" + bytes(79),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
    }
    return icc_profile(b"mntr", b"RGB ", tags)


def grey_profile(gamma: float) -> bytes:
    tags = {
        b"wtpt": b"XYZ \0\0\0\0" + s15(0.9642) + s15(1) + s15(0.8249),
        b"kTRC": b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0",
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"grey\0" + bytes(79),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
    }
    return icc_profile(b"mntr", b"GRAY", tags)


def cmyk_profile() -> bytes:
    """A tiny print profile (2 grid points a side) in which cyan ink prints red.

    A real print profile is half a megabyte and under licence; this one shows the same: that the
    four inks reach the profile as four inks, in this order and not inverted.
    """
    red_lab, white_lab, black_lab = (54, 81, 70), (100, 0, 0), (0, 0, 0)

    def lab8(lab: tuple[int, int, int]) -> bytes:
        return bytes((round(lab[0] * 255 / 100), lab[1] + 128, lab[2] + 128))

    grid = bytearray()
    for corner in range(16):
        cyan, _magenta, _yellow, black = (corner >> shift & 1 for shift in (3, 2, 1, 0))
        grid += lab8(black_lab if black else red_lab if cyan else white_lab)
    ramp = bytes(range(256))
    identity = b"".join(s15(value) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + identity + ramp * 4 + bytes(grid) + ramp * 3
    tags = {
        b"A2B0": table,
        b"A2B1": table,
        b"wtpt": b"XYZ \0\0\0\0" + s15(0.9642) + s15(1) + s15(0.8249),
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"inks\0" + bytes(79),
        b"cprt": b"text\0\0\0\0none\0\0\0\0",
    }
    return icc_profile(b"prtr", b"CMYK", tags)


def icc_profile(device: bytes, space: bytes, tags: dict[bytes, bytes]) -> bytes:
    connection = b"Lab " if space == b"CMYK" else b"XYZ "
    table, body = b"", b""
    offset = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", offset + len(body), len(content))
        body += padded
    size = offset + len(body)
    head = struct.pack(">I", size) + bytes(4) + b"\x02\x10\0\0" + device + space + connection
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += s15(0.9642) + s15(1) + s15(0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def cmyk(colour: tuple[int, int, int, int] = (255, 0, 0, 0)) -> Image.Image:
    return Image.new("CMYK", (WIDTH, HEIGHT), colour)


def jpeg_with_scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: tiny, and slow to decode."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:-2] + data[last:-2] * count + b"\xff\xd9"


def jpeg_claiming(width: int, height: int, *, progressive: bool = False) -> bytes:
    data = bytearray(jpeg(progressive=progressive))
    frame = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_claiming(width: int, height: int) -> bytes:
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + sides
    body += encoded(picture(), "WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def webp_of_one_frame() -> bytes:
    """An animation that does not move."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)

    sides = (WIDTH - 1).to_bytes(3, "little") + (HEIGHT - 1).to_bytes(3, "little")
    frame = bytes(6) + sides + (100).to_bytes(3, "little") + b"\0"
    body = chunk(b"VP8X", b"\x02\0\0\0" + sides) + chunk(b"ANIM", bytes(6))
    body += chunk(b"ANMF", frame + encoded(picture(), "WEBP", quality=92)[12:])
    return chunk(b"RIFF", b"WEBP" + body)


def bmp_claiming(width: int, height: int) -> bytes:
    data = bytearray(encoded(picture(), "BMP"))
    data[18:26] = struct.pack("<ii", width, height)
    return bytes(data)


def jpeg_of_one_colour(width: int, height: int) -> bytes:
    """A JPEG that says it has three colours, and whose only scan holds the first."""
    data = bytearray(jpeg_claiming(width, height))
    scan = data.index(b"\xff\xda")
    return bytes(data[:scan] + b"\xff\xda\0\x08\x01\x01\0\0\x3f\0" + data[scan + 14 :])


def tiff_of_one_tile(side: int) -> bytes:
    """A small picture of zeros in one corner of a huge tile."""
    packer = zlib.compressobj(9)
    row = bytes(side * 3)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    entries = (
        (256, WIDTH),
        (257, HEIGHT),
        (258, 8),
        (259, 8),
        (262, 2),
        (277, 3),
        (322, side),
        (323, side),
        (324, 8 + 2 + 12 * 10 + 4),
        (325, len(packed)),
    )
    directory = struct.pack("<H", len(entries))
    directory += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0\x08\0\0\0" + directory + bytes(4) + packed


def tiff_claiming(width: int, height: int) -> bytes:
    data = bytearray(encoded(picture(), "TIFF", compression="tiff_lzw"))
    directory = struct.unpack_from("<I", data, 4)[0]
    for index in range(struct.unpack_from("<H", data, directory)[0]):
        entry = directory + 2 + 12 * index
        tag = struct.unpack_from("<H", data, entry)[0]
        if tag in (256, 257):
            data[entry + 2 : entry + 12] = struct.pack(
                "<HII", 4, 1, width if tag == 256 else height
            )
    return bytes(data)


def heic_claiming(width: int, height: int) -> bytes:
    data = bytearray(heic())
    box = data.index(b"ispe")
    data[box + 8 : box + 16] = struct.pack(">II", width, height)
    return bytes(data)


def dng() -> bytes:
    return encoded(picture(), "TIFF", tiffinfo={50706: b"\x01\x04\x00\x00"})


def nef() -> bytes:
    """The preview that a camera's RAW file begins with."""
    return encoded(picture(160, 120), "TIFF", tiffinfo={254: 1, 271: "NIKON CORPORATION"})


def lying() -> Image.Image:
    """The picture as a camera held sideways stores it; orientation 6 turns it upright."""
    return picture().transpose(Image.Transpose.ROTATE_90)


def camera_file(head: bytes, preview: bytes) -> bytes:
    """A RAW file: its head, a small thumbnail, the sensor's lossless JPEG, a finished JPEG."""
    small, sensors = jpeg(picture(160, 120)), bytearray(jpeg(picture(4000, 3000)))
    sensors[sensors.index(b"\xff\xc0") + 1] = 0xC3
    return b"".join((head, small, bytes(sensors), b"\xff\xd8\xff" * 50, preview, bytes(100)))


def nef_with_preview() -> bytes:
    tags = {254: 1, 271: "NIKON CORPORATION", 274: 6}
    return camera_file(encoded(picture(160, 120), "TIFF", tiffinfo=tags), jpeg(lying()))


def dng_with_preview() -> bytes:
    tags = {50706: b"\x01\x04\x00\x00", 274: 6}
    head = encoded(picture(160, 120), "TIFF", tiffinfo=tags)
    # It has an EXIF of its own, which goes before that of the file.
    return camera_file(head, jpeg(exif=exif_with(1)))


def cr3_with_preview() -> bytes:
    tags = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 274, 3, 1, 6, 0) + bytes(4)
    head = b"\0\0\0\x18ftypcrx \0\0\0\1crx isom" + b"\0\0\0\x22CMT1" + tags
    return camera_file(head, jpeg(lying()))


def bare_png(colour_type: int, row: bytes, *chunks: bytes, head: bytes = b"") -> bytes:
    """A PNG of equal rows."""
    rows = (b"\0" + row) * HEIGHT
    packer = zlib.compressobj(wbits=-15 if head else 15)
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, colour_type, 0, 0, 0)
    packed = png_chunk(b"IDAT", packer.compress(rows) + packer.flush())
    parts = (SIGNATURE, head, png_chunk(b"IHDR", header), *chunks, packed, png_chunk(b"IEND", b""))
    return b"".join(parts)


def of_xcode(alpha: int | None = None) -> bytes:
    """A PNG as Xcode makes it for iPhones: bare deflate, blue first, multiplied by alpha."""
    red, green, blue = GREEN if alpha is None else (value * alpha // 255 for value in GREEN)
    pixel = bytes((blue, green, red)) + (b"" if alpha is None else bytes((alpha,)))
    return bare_png(2 if alpha is None else 6, pixel * WIDTH, head=png_chunk(b"CgBI", b"P\0 \2"))


def with_numbers(colour: tuple[int, int, int], *chunks: bytes) -> bytes:
    return bare_png(2, bytes(colour) * WIDTH, *chunks)


def gama(number: int) -> bytes:
    return png_chunk(b"gAMA", struct.pack(">I", number))


P3_CHRM = png_chunk(
    b"cHRM", struct.pack(">8I", 31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000)
)


def with_chunks(*chunks: bytes) -> bytes:
    """A PNG with chunks put behind its header."""
    data = encoded(picture(), "PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def png_damaged(kind: bytes) -> bytes:
    """A PNG with a wrong byte in the chunk of a kind."""
    data = bytearray(encoded(speckled(), "PNG"))
    data[data.index(kind) + 200] ^= 0xFF
    return bytes(data)


def heic_named(brand: bytes) -> bytes:
    """A still picture whose file says that it is something else, and compatible."""
    data = heic()
    return data[:8] + brand + data[12:]


def paper_white(file_format: str, transfer: int = 16, level: int = 148) -> bytes:
    """The white of paper in BT.2020 with PQ or HLG, named by code points."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (level,) * 3)
    if file_format == "PNG":
        return with_cicp(encoded(image, "PNG"), bytes((9, transfer, 0, 1)))
    points = {"color_primaries": 9, "transfer_characteristics": transfer}
    return heic(image, matrix_coefficients=9, quality=95, **points)


def with_cicp(data: bytes, body: bytes) -> bytes:
    return data[:33] + png_chunk(b"cICP", body) + data[33:]


def with_segment(marker: int, body: bytes, *, times: int = 1) -> bytes:
    """A JPEG with application segments put right behind its start."""
    data = jpeg()
    segment = bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body
    return data[:2] + segment * times + data[2:]


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def holed(data: bytes, size: int, filling: int | None = 0) -> bytes:
    """A file with a hole in its middle: a byte again and again, or noise."""
    chance = random.Random(size)  # noqa: S311  # no secret
    hole = chance.randbytes(size) if filling is None else bytes((filling,)) * size
    middle = len(data) // 2
    return data[:middle] + hole + data[middle + size :]


def half(data: bytes, rest: bytes) -> bytes:
    """The first half of a JPEG and then something else, with a proper end."""
    return data[: len(data) // 2] + rest + b"\xff\xd9"


def speckled() -> Image.Image:
    """A noisy picture, so that its bytes spread over the whole file."""
    return Image.effect_noise((WIDTH, HEIGHT), 60).convert("RGB")


WHOLE: dict[str, Callable[[Image.Image], bytes]] = {
    "jpg": jpeg,
    "progressive.jpg": lambda image: jpeg(image, progressive=True),
    "png": lambda image: encoded(image, "PNG"),
    "webp": lambda image: encoded(image, "WEBP"),
    "lossless.webp": lambda image: encoded(image, "WEBP", lossless=True),
    "heic": heic,
    "tif": lambda image: encoded(image, "TIFF"),
    "lzw.tif": lambda image: encoded(image, "TIFF", compression="tiff_lzw"),
    "bmp": lambda image: encoded(image, "BMP"),
}


@cache
def whole_files() -> dict[str, bytes]:
    """One whole noisy file of every format, to be cut and damaged."""
    noisy = speckled()
    return {name: encode(noisy) for name, encode in WHOLE.items()}


_R = RefusalReason
_MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(600)
_BOMB_SIZE = (60000, 60000)


def _accepted(
    make: Callable[[], bytes],
    file_format: str,
    *,
    corners: Corners | None = CORNERS,
    size: tuple[int, int] = (WIDTH, HEIGHT),
) -> Case:
    return Case(make, None, file_format, corners, size)


def _refused(make: Callable[[], bytes], reason: RefusalReason) -> Case:
    return Case(make, reason)


ACCEPTED: dict[str, Case] = {
    "plain.jpg": _accepted(jpeg, "JPEG"),
    "progressive.jpg": _accepted(lambda: jpeg(progressive=True), "JPEG"),
    "444.jpg": _accepted(lambda: jpeg(subsampling=0), "JPEG"),
    "grey.jpg": _accepted(lambda: jpeg(two_tone("L", 64, 192)), "JPEG", corners=DARK_LIGHT),
    "grey_with_profile.jpg": _accepted(
        lambda: jpeg(two_tone("L", 0, 255), icc_profile=grey_profile(1.0)),
        "JPEG",
        corners=BLACK_WHITE,
    ),
    "grey_with_colour_profile.jpg": _accepted(
        lambda: jpeg(two_tone("L", 64, 192), icc_profile=swapped_profile()),
        "JPEG",
        corners=DARK_LIGHT,
    ),
    "cmyk.jpg": _accepted(lambda: jpeg(cmyk()), "JPEG", corners=((0, 255, 255),) * 4),
    "cmyk_with_profile.jpg": _accepted(
        lambda: jpeg(cmyk(), icc_profile=cmyk_profile()), "JPEG", corners=((255, 0, 0),) * 4
    ),
    "cmyk_black_with_profile.jpg": _accepted(
        lambda: jpeg(cmyk((0, 0, 0, 255)), icc_profile=cmyk_profile()),
        "JPEG",
        corners=((0, 0, 0),) * 4,
    ),
    "profile.jpg": _accepted(
        lambda: jpeg(two_tone("RGB", (255, 0, 0), (0, 255, 0)), icc_profile=swapped_profile()),
        "JPEG",
        corners=((0, 255, 0), (255, 0, 0), (0, 255, 0), (255, 0, 0)),
    ),
    "broken_profile.jpg": _accepted(lambda: jpeg(icc_profile=b"not a profile" * 20), "JPEG"),
    "cut_profile.jpg": _accepted(lambda: jpeg(icc_profile=swapped_profile()[:300]), "JPEG"),
    "cmyk_profile_on_rgb.jpg": _accepted(lambda: jpeg(icc_profile=cmyk_profile()), "JPEG"),
    "mpo.jpg": _accepted(mpo, "JPEG"),
    "gps.jpg": _accepted(lambda: jpeg(exif=exif_with(1)), "JPEG"),
    "comment.jpg": _accepted(lambda: jpeg(comment=b"home address"), "JPEG"),
    # The first kilobyte of these holds letters and spaces of windows-1251 only.
    "russian_comment.jpg": _accepted(
        lambda: with_segment(0xFE, ("Фотография " * 2000)[:0x4242].encode("windows-1251")), "JPEG"
    ),
    "fill_bytes_at_the_start.jpg": _accepted(
        lambda: jpeg().replace(b"\xff\xd8", b"\n\xff\xd8" + b"\xff" * 2000, 1), "JPEG"
    ),
    "xmp.jpg": _accepted(lambda: jpeg(xmp=b"<x:xmpmeta>secret</x:xmpmeta>"), "JPEG"),
    "huge_metadata.jpg": _accepted(lambda: with_segment(0xEB, bytes(65000), times=150), "JPEG"),
    "corrupt_exif.jpg": _accepted(
        lambda: with_segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x99" * 40), "JPEG"
    ),
    "empty_exif.jpg": _accepted(lambda: with_segment(0xE1, b"Exif\0\0"), "JPEG"),
    "orientation_99.jpg": _accepted(lambda: jpeg(exif=exif_with(99)), "JPEG"),
    "no_end.jpg": _accepted(lambda: jpeg()[:-2], "JPEG"),
    "progressive_no_end.jpg": _accepted(lambda: jpeg(progressive=True)[:-2], "JPEG"),
    "optimised_flat.jpg": _accepted(
        lambda: jpeg(Image.new("RGB", (WIDTH, HEIGHT), "white"), optimize=True),
        "JPEG",
        corners=(WHITE,) * 4,
    ),
    "line_break_before.jpg": _accepted(lambda: b"\r\n" + jpeg(), "JPEG"),
    "mark_before.jpg": _accepted(lambda: b"\xef\xbb\xbf" + jpeg(), "JPEG"),
    "junk_before_table.jpg": _accepted(
        lambda: jpeg().replace(b"\xff\xdb", b"junk \0\0\xff\xff\xdb", 1), "JPEG"
    ),
    "junk_before_scan.jpg": _accepted(
        lambda: jpeg().replace(b"\xff\xda", bytes(900) + b"\xff\xda"), "JPEG"
    ),
    "junk_before_end.jpg": _accepted(lambda: jpeg()[:-2] + b"junk" * 90 + b"\xff\xd9", "JPEG"),
    "zeros_before_end.jpg": _accepted(lambda: jpeg()[:-2] + bytes(90) + b"\xff\xd9", "JPEG"),
    "fill_bytes.jpg": _accepted(
        lambda: jpeg().replace(b"\xff\xda", b"\xff" * 400_000 + b"\xda"), "JPEG"
    ),
    "fill_bytes_before_end.jpg": _accepted(
        lambda: jpeg()[:-2] + b"\xff" * 400_000 + b"\xd9", "JPEG"
    ),
    "restarts.jpg": _accepted(lambda: jpeg(restart_marker_rows=1), "JPEG"),
    "turned_by_xmp.jpg": _accepted(lambda: jpeg(xmp=xmp_turned()), "JPEG"),
    "turned_by_xmp.png": _accepted(png_turned_by_xmp, "PNG"),
    "turned_by_xmp.webp": _accepted(lambda: encoded(picture(), "WEBP", xmp=xmp_turned()), "WEBP"),
    "zip_behind.jpg": _accepted(lambda: jpeg() + zip_file(), "JPEG"),
    "video_behind.jpg": _accepted(lambda: jpeg() + _MP4, "JPEG"),
    "pdf_in_comment.jpg": _accepted(lambda: jpeg(comment=b"%PDF-1.7"), "JPEG"),
    "smallest.jpg": _accepted(lambda: jpeg(picture(512, 512)), "JPEG", size=(512, 512)),
    "longest_shape.jpg": _accepted(lambda: jpeg(picture(2400, 600)), "JPEG", size=(2400, 600)),
    "large.jpg": _accepted(lambda: jpeg(picture(6000, 3700)), "JPEG", size=(6000, 3700)),
    "plain.png": _accepted(lambda: encoded(picture(), "PNG"), "PNG"),
    "really_png.jpg": _accepted(lambda: encoded(picture(), "PNG"), "PNG"),
    "really_heic.jpg": _accepted(heic, "HEIF"),
    "rgba.png": _accepted(lambda: encoded(top_clear(), "PNG"), "PNG", corners=TOP_CLEAR),
    "clear_colour.png": _accepted(
        colour_png_with_clear_colour, "PNG", corners=(WHITE, GREEN, BLUE, GREY)
    ),
    "palette.png": _accepted(lambda: encoded(picture().quantize(8), "PNG"), "PNG"),
    "palette_clear_colour.png": _accepted(
        palette_with_clear_colour, "PNG", corners=(WHITE, GREEN, BLUE, GREY)
    ),
    "palette_clear_alphas.png": _accepted(
        palette_with_clear_alphas, "PNG", corners=(WHITE, GREEN, BLUE, GREY)
    ),
    "grey.png": _accepted(
        lambda: encoded(two_tone("L", 64, 192), "PNG"), "PNG", corners=DARK_LIGHT
    ),
    "grey_alpha.png": _accepted(
        lambda: encoded(two_tone("LA", (64, 255), (192, 0)), "PNG"),
        "PNG",
        corners=((64, 64, 64), WHITE, (64, 64, 64), WHITE),
    ),
    "one_bit.png": _accepted(
        lambda: encoded(two_tone("1", 0, 1), "PNG"), "PNG", corners=BLACK_WHITE
    ),
    "grey_16_bit.png": _accepted(lambda: encoded(grey_16_bit(), "PNG"), "PNG", corners=DARK_LIGHT),
    "colour_16_bit.png": _accepted(png_16_bit_colour, "PNG"),
    "exif_6.png": _accepted(lambda: oriented(6, "PNG"), "PNG"),
    "large_palette_alpha.png": _accepted(
        lambda: encoded(
            top_clear().resize((WIDTH * 7, HEIGHT * 7), Image.Resampling.NEAREST), "PNG"
        ),
        "PNG",
        corners=TOP_CLEAR,
        size=(WIDTH * 7, HEIGHT * 7),
    ),
    "large_grey_16_bit.png": _accepted(
        lambda: encoded(
            grey_16_bit().resize((WIDTH * 7, HEIGHT * 7), Image.Resampling.NEAREST), "PNG"
        ),
        "PNG",
        corners=DARK_LIGHT,
        size=(WIDTH * 7, HEIGHT * 7),
    ),
    "broken_text.png": _accepted(
        lambda: with_chunks(png_chunk(b"tEXt", b"Comment\0hello")[:-4] + bytes(4)), "PNG"
    ),
    "long_text.png": _accepted(
        lambda: with_chunks(png_chunk(b"tEXt", b"parameters\0" + b"x" * 5_000_000)), "PNG"
    ),
    "packed_text.png": _accepted(
        lambda: with_chunks(png_chunk(b"iTXt", b"a\0\1\0\0\0" + zlib.compress(bytes(5_000_000)))),
        "PNG",
    ),
    "short_chunks.png": _accepted(
        lambda: with_chunks(
            *(png_chunk(kind, b"\0\1") for kind in (b"cHRM", b"gAMA", b"pHYs", b"tIME", b"sRGB"))
        ),
        "PNG",
    ),
    "huge_profile.png": _accepted(
        lambda: with_chunks(png_chunk(b"iCCP", b"p\0\0" + zlib.compress(bytes(3_000_000)))), "PNG"
    ),
    "broken_profile.png": _accepted(
        lambda: with_chunks(png_chunk(b"iCCP", b"p\0\0garbage")), "PNG"
    ),
    "broken_exif.png": _accepted(lambda: with_chunks(png_chunk(b"eXIf", b"garbage")), "PNG"),
    "no_end.png": _accepted(lambda: encoded(picture(), "PNG")[:-12], "PNG"),
    "cut_end.png": _accepted(lambda: encoded(picture(), "PNG")[:-5], "PNG"),
    "no_last_checksum.png": _accepted(lambda: encoded(picture(), "PNG")[:-16], "PNG"),
    "zeros_behind.png": _accepted(lambda: encoded(picture(), "PNG") + bytes(5000), "PNG"),
    "plain.avif": _accepted(lambda: encoded(picture(), "AVIF", quality=90), "AVIF"),
    "exif_6.avif": _accepted(lambda: oriented(6, "AVIF"), "AVIF"),
    "named_msf1.heic": _accepted(lambda: heic_named(b"msf1"), "HEIF"),
    "named_hevc.heic": _accepted(lambda: heic_named(b"hevc"), "HEIF"),
    "named_anything.heic": _accepted(lambda: heic_named(b"abcd"), "HEIF"),
    "video_behind.heic": _accepted(
        lambda: heic() + b"\0\0\0\x18mpvd" + bytes(16) + b"\0\0\0\x08free", "HEIF"
    ),
    "pq.heic": _accepted(lambda: paper_white("HEIF"), "HEIF", corners=PAPER),
    "hlg.heic": _accepted(lambda: paper_white("HEIF", 18, 191), "HEIF", corners=PAPER),
    "pq.png": _accepted(lambda: paper_white("PNG"), "PNG", corners=PAPER),
    "plain.webp": _accepted(lambda: encoded(picture(), "WEBP", quality=92), "WEBP"),
    "lossless.webp": _accepted(lambda: encoded(picture(), "WEBP", lossless=True), "WEBP"),
    "alpha.webp": _accepted(
        lambda: encoded(top_clear(), "WEBP", lossless=True), "WEBP", corners=TOP_CLEAR
    ),
    "one_frame.webp": _accepted(webp_of_one_frame, "WEBP"),
    "exif_8.webp": _accepted(lambda: oriented(8, "WEBP"), "WEBP"),
    "plain.heic": _accepted(heic, "HEIF"),
    "alpha.heic": _accepted(lambda: heic(top_clear()), "HEIF", corners=TOP_CLEAR),
    "preview.nef": _accepted(nef_with_preview, "JPEG"),
    "preview.dng": _accepted(dng_with_preview, "JPEG"),
    "preview.cr3": _accepted(cr3_with_preview, "JPEG"),
    "preview.raf": _accepted(
        lambda: camera_file(b"FUJIFILMCCD-RAW 0201" + bytes(600), jpeg()), "JPEG"
    ),
    "xcode.png": _accepted(of_xcode, "PNG", corners=(GREEN,) * 4),
    "xcode_opaque.png": _accepted(lambda: of_xcode(255), "PNG", corners=(GREEN,) * 4),
    "xcode_half_transparent.png": _accepted(
        lambda: of_xcode(128),
        "PNG",
        corners=(tuple(round(255 - (255 - value) * 128 / 255) for value in GREEN),) * 4,  # type: ignore[arg-type]
    ),
    "linear.png": _accepted(
        lambda: with_numbers((128, 128, 55), gama(100_000)), "PNG", corners=((188, 188, 128),) * 4
    ),
    "old_mac.png": _accepted(
        lambda: with_numbers((128, 128, 128), gama(55_556)), "PNG", corners=((147, 147, 147),) * 4
    ),
    "usual_gamma.png": _accepted(
        lambda: with_numbers(GREEN, gama(45_455)), "PNG", corners=(GREEN,) * 4
    ),
    "impossible_gamma.png": _accepted(
        lambda: with_numbers(GREEN, gama(0)), "PNG", corners=(GREEN,) * 4
    ),
    "srgb_goes_before_gamma.png": _accepted(
        lambda: with_numbers(GREEN, png_chunk(b"sRGB", b"\0"), gama(100_000)),
        "PNG",
        corners=(GREEN,) * 4,
    ),
    "p3_by_chrm.png": _accepted(
        # As by the profile of Display P3: test_code_points.py compares the two.
        lambda: with_numbers((200, 110, 90), P3_CHRM),
        "PNG",
        corners=((213, 106, 85),) * 4,
    ),
    "one_frame.png": _accepted(
        lambda: with_chunks(
            png_chunk(b"acTL", struct.pack(">II", 1, 0)),
            png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, WIDTH, HEIGHT, 0, 0, 1, 10, 0, 0)),
        ),
        "PNG",
    ),
    "gps.heic": _accepted(lambda: heic(exif=exif_with(1).tobytes()), "HEIF"),
    "plain.tif": _accepted(lambda: encoded(picture(), "TIFF"), "TIFF"),
    "lzw.tif": _accepted(lambda: encoded(picture(), "TIFF", compression="tiff_lzw"), "TIFF"),
    "jpeg.tif": _accepted(lambda: encoded(picture(), "TIFF", compression="jpeg"), "TIFF"),
    "cmyk.tif": _accepted(lambda: encoded(cmyk(), "TIFF"), "TIFF", corners=((0, 255, 255),) * 4),
    "lab.tif": _accepted(lab_tiff, "TIFF"),
    "grey_16_bit.tif": _accepted(
        lambda: encoded(grey_16_bit(), "TIFF"), "TIFF", corners=DARK_LIGHT
    ),
    "alpha.tif": _accepted(lambda: encoded(top_clear(), "TIFF"), "TIFF", corners=TOP_CLEAR),
    "exif_6.tif": _accepted(
        lambda: encoded(picture().transpose(Image.Transpose.ROTATE_90), "TIFF", tiffinfo={274: 6}),
        "TIFF",
    ),
    "one_tile.tif": _accepted(lambda: tiff_of_one_tile(2000), "TIFF", corners=((0, 0, 0),) * 4),
    "pages.tif": _accepted(tiff_pages, "TIFF"),
    "plain.bmp": _accepted(lambda: encoded(picture(), "BMP"), "BMP"),
    "palette.bmp": _accepted(lambda: encoded(picture().quantize(8), "BMP"), "BMP"),
    **{
        f"exif_{orientation}.jpg": _accepted(lambda o=orientation: oriented(o), "JPEG")  # type: ignore[misc]
        for orientation in STORED_AS
    },
}

RUSSIAN = "Привет! Это письмо № 5, а «не фото» — его я пришлю потом.\r\n"

REFUSED: dict[str, Case] = {
    "empty.jpg": _refused(lambda: b"", _R.UNREADABLE),
    "one_byte.jpg": _refused(lambda: b"\xff", _R.UNREADABLE),
    "text.jpg": _refused(lambda: b"this is no photo at all " * 100, _R.NOT_A_PHOTO),
    "text_of_one_line.txt": _refused(lambda: b"\xef\xbb\xbfname;age\r\n", _R.NOT_A_PHOTO),
    # The head of a kilobyte ends within a letter of two bytes.
    "long_text.txt": _refused(("." + "ы" * 1000).encode, _R.NOT_A_PHOTO),
    "text_with_half_a_letter.txt": _refused(
        lambda: b"a letter " + "ы".encode()[:1] + b" cut in half", _R.UNREADABLE
    ),
    "text_with_controls.txt": _refused(lambda: b"letters and\x01other bytes", _R.UNREADABLE),
    "text_of_windows.txt": _refused(lambda: RUSSIAN.encode("windows-1251"), _R.NOT_A_PHOTO),
    "long_text_of_windows.txt": _refused(
        lambda: ("." + RUSSIAN * 100).encode("utf-16"), _R.NOT_A_PHOTO
    ),
    "text_of_a_macintosh.txt": _refused(
        lambda: b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), _R.NOT_A_PHOTO
    ),
    "letters_among_signs.txt": _refused(lambda: bytes(range(128, 256)) * 3, _R.UNREADABLE),
    "utf_16_with_controls.txt": _refused(lambda: "a\x01b".encode("utf-16"), _R.UNREADABLE),
    "only_a_mark.txt": _refused(lambda: b"\xff\xfe", _R.UNREADABLE),
    "only_start.jpg": _refused(lambda: b"\xff\xd8\xff", _R.UNREADABLE),
    "zeros.jpg": _refused(lambda: bytes(5000), _R.UNREADABLE),
    "too_big.jpg": _refused(lambda: jpeg() + bytes(20 * 1024 * 1024), _R.TOO_BIG),
    "small.jpg": _refused(lambda: jpeg(picture(511, 2000)), _R.TOO_SMALL),
    "tiny.png": _refused(lambda: encoded(picture(1, 1), "PNG"), _R.TOO_SMALL),
    "line.png": _refused(lambda: encoded(picture(1, 20000), "PNG"), _R.TOO_SMALL),
    "strip.jpg": _refused(lambda: jpeg(picture(600, 2401)), _R.EXTREME_SHAPE),
    "lying_small.heic": _refused(lambda: heic(picture(400, 400)), _R.TOO_SMALL),
    "bomb.png": _refused(lambda: png_claiming(*_BOMB_SIZE), _R.TOO_MANY_PIXELS),
    "bomb.jpg": _refused(lambda: jpeg_claiming(*_BOMB_SIZE), _R.TOO_MANY_PIXELS),
    "bomb.webp": _refused(lambda: webp_claiming(*_BOMB_SIZE), _R.TOO_MANY_PIXELS),
    "bomb.bmp": _refused(lambda: bmp_claiming(*_BOMB_SIZE), _R.TOO_MANY_PIXELS),
    "bomb.tif": _refused(lambda: tiff_claiming(*_BOMB_SIZE), _R.TOO_MANY_PIXELS),
    "bomb_heavy.png": _refused(lambda: png_of_zeros(10100, 10000), _R.TOO_MANY_PIXELS),
    "just_over.png": _refused(lambda: png_claiming(10000, 10001), _R.TOO_MANY_PIXELS),
    "heavy_tile.tif": _refused(lambda: tiff_of_one_tile(8000), _R.TOO_HEAVY),
    "heavy.tif": _refused(lambda: tiff_claiming(9000, 9000), _R.TOO_HEAVY),
    "heavy.heic": _refused(lambda: heic_claiming(9000, 9000), _R.TOO_HEAVY),
    "heavy.webp": _refused(
        lambda: encoded(Image.new("RGB", (7100, 7100)), "WEBP", method=0), _R.TOO_HEAVY
    ),
    "heavy_progressive.jpg": _refused(
        lambda: jpeg_claiming(9000, 9000, progressive=True), _R.TOO_HEAVY
    ),
    "heavy_one_colour.jpg": _refused(lambda: jpeg_of_one_colour(9000, 9000), _R.TOO_HEAVY),
    "claims_more.jpg": _refused(lambda: jpeg_claiming(4000, 4000), _R.UNREADABLE),
    "claims_more.png": _refused(lambda: png_claiming(9000, 9000), _R.UNREADABLE),
    "claims_more.bmp": _refused(lambda: bmp_claiming(5000, 5000), _R.UNREADABLE),
    "half.jpg": _refused(lambda: half(whole_files()["jpg"], b""), _R.UNREADABLE),
    "half_zeros.jpg": _refused(lambda: half(whole_files()["jpg"], bytes(200_000)), _R.UNREADABLE),
    "half_noise.jpg": _refused(
        lambda: half(whole_files()["jpg"], holed(bytes(400_000), 200_000, None)[100_000:300_000]),
        _R.UNREADABLE,
    ),
    "half_without_end.jpg": _refused(
        lambda: cut(whole_files()["jpg"], 0.5) + bytes(200_000), _R.UNREADABLE
    ),
    **{
        f"hole_{size}_{filling}.{kind}": _refused(
            lambda kind=kind, size=size, filling=filling: holed(  # type: ignore[misc]
                whole_files()[kind], size, filling
            ),
            _R.UNREADABLE,
        )
        for kind in ("jpg", "progressive.jpg")
        for size, filling in ((512, 0), (4096, 0), (4096, None), (4096, 0xFF))
    },
    "hole_100.jpg": _refused(lambda: holed(whole_files()["jpg"], 100), _R.UNREADABLE),
    "row_of_too_much.jpg": _refused(
        lambda: half(whole_files()["jpg"], cut(whole_files()["jpg"], 0.9)[-180_000:]),
        _R.UNREADABLE,
    ),
    "too_many_segments.jpg": _refused(
        lambda: with_segment(0xEB, b"", times=MAX_SEGMENTS + 1), _R.UNREADABLE
    ),
    "many_scans.jpg": _refused(lambda: jpeg_with_scans(5000), _R.UNREADABLE),
    "still.gif": _refused(lambda: encoded(picture(), "GIF"), _R.GIF),
    "moving.gif": _refused(lambda: animation("GIF"), _R.GIF),
    "really_gif.jpg": _refused(lambda: encoded(picture(), "GIF"), _R.GIF),
    "moving.webp": _refused(lambda: animation("WEBP"), _R.ANIMATED),
    "moving.png": _refused(lambda: animation("PNG"), _R.ANIMATED),
    "sequence.heics": _refused(
        lambda: b"\0\0\0\x18ftyphevc\0\0\0\0hevcmsf1" + bytes(600), _R.ANIMATED
    ),
    "video.mp4": _refused(lambda: _MP4, _R.VIDEO),
    "video.mov": _refused(lambda: b"\0\0\0\x14ftypqt  " + bytes(600), _R.VIDEO),
    "old.mov": _refused(lambda: b"\0\0\x10\0moov" + bytes(600), _R.VIDEO),
    "video.webm": _refused(lambda: b"\x1a\x45\xdf\xa3" + bytes(600), _R.VIDEO),
    "video.avi": _refused(lambda: b"RIFF\0\1\0\0AVI LIST" + bytes(600), _R.VIDEO),
    "really_video.heic": _refused(lambda: _MP4, _R.VIDEO),
    "paper.pdf": _refused(lambda: encoded(picture(), "PDF"), _R.PDF),
    "pdf_before_jpeg.jpg": _refused(lambda: b"%PDF-1.4\n" + jpeg(), _R.PDF),
    "drawing.svg": _refused(
        lambda: b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
        _R.NOT_A_PHOTO,
    ),
    "page.html": _refused(lambda: b"<!DOCTYPE html><html></html>", _R.NOT_A_PHOTO),
    "photos.zip": _refused(zip_file, _R.NOT_A_PHOTO),
    "photo.jp2": _refused(lambda: encoded(picture(), "JPEG2000"), _R.FOREIGN_PHOTO),
    "photo.jxl": _refused(lambda: b"\xff\x0a" + bytes(600), _R.FOREIGN_PHOTO),
    "boxed.jxl": _refused(lambda: b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(600), _R.FOREIGN_PHOTO),
    "raw.cr3": _refused(lambda: b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", _R.FOREIGN_PHOTO),
    "small_preview.raf": _refused(
        lambda: camera_file(b"FUJIFILMCCD-RAW 0201", jpeg(picture(800, 500))), _R.FOREIGN_PHOTO
    ),
    "cut_preview.orf": _refused(
        lambda: camera_file(b"IIRO" + bytes(100), jpeg(speckled())[:-9000]), _R.UNREADABLE
    ),
    "xcode_damaged.png": _refused(
        lambda: of_xcode().replace(b"IDAT", b"IDAT\xff\xff"), _R.UNREADABLE
    ),
    "raw.nef": _refused(nef, _R.FOREIGN_PHOTO),
    "raw.raf": _refused(lambda: b"FUJIFILMCCD-RAW 0201" + bytes(600), _R.FOREIGN_PHOTO),
    "moving.avif": _refused(lambda: animation("AVIF"), _R.ANIMATED),
    "broken_pixels.png": _refused(lambda: png_damaged(b"IDAT"), _R.UNREADABLE),
    "icon.ico": _refused(lambda: encoded(picture(256, 256), "ICO"), _R.NOT_A_PHOTO),
    "drawing.eps": _refused(lambda: encoded(picture(), "EPS"), _R.NOT_A_PHOTO),
    "raw.dng": _refused(dng, _R.FOREIGN_PHOTO),
    "raw.cr2": _refused(lambda: b"II*\0\x10\0\0\0CR\x02\0" + bytes(600), _R.FOREIGN_PHOTO),
    "float.tif": _refused(lambda: encoded(Image.new("F", (600, 600)), "TIFF"), _R.NOT_A_PHOTO),
    "picture.tga": _refused(lambda: encoded(picture(), "TGA"), _R.UNREADABLE),
    "picture.ppm": _refused(lambda: encoded(picture(), "PPM"), _R.UNREADABLE),
}


TRUNCATED: dict[str, Case] = {
    f"cut_{int(share * 1000):03d}.{name}": _refused(
        lambda name=name, share=share: cut(whole_files()[name], share),  # type: ignore[misc]
        _R.UNREADABLE,
    )
    for name in WHOLE
    for share in (0.002, 0.1, 0.5, 0.9, 0.99)
}


def _made_once(cases: dict[str, Case]) -> dict[str, Case]:
    return {
        name: replace(case, make=made_once(f"photo-{name}", case.make))
        for name, case in cases.items()
    }


ACCEPTED, REFUSED, TRUNCATED = (_made_once(cases) for cases in (ACCEPTED, REFUSED, TRUNCATED))
CORPUS: dict[str, Case] = {**ACCEPTED, **REFUSED, **TRUNCATED}
