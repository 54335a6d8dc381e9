"""A prepared photo is upright, rightly coloured, small enough and says nothing about itself."""

import io
import struct
from functools import cache

import pytest
from PIL import Image, ImageChops, ImageStat

from services.photos.opening import MAX_SIDE_PX
from services.photos.prepare import prepare_photo
from services.photos.shrink import NEAR_ENOUGH, decode, fitted_size
from tests.services.photos.corpus import ACCEPTED, encoded, jpeg, picture

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

TOLERANCE = 10  # JPEG, 8-bit Lab and 2-point profiles each round a little
WITHOUT_METADATA = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
"""JFIF header, quantization tables, frame, Huffman tables, scan: all a baseline JPEG needs."""


def segments(data: bytes) -> list[tuple[int, bytes]]:
    """The marker segments of a JPEG up to its scan, each with its body."""
    found, position = [], 2
    while True:
        assert data[position] == 0xFF
        marker = data[position + 1]
        length = struct.unpack_from(">H", data, position + 2)[0]
        found.append((marker, data[position + 4 : position + 2 + length]))
        if marker == 0xDA:
            return found
        position += 2 + length


def corner_colours(image: Image.Image) -> list[tuple[int, ...]]:
    width, height = image.size
    left, top, right, bottom = width // 8, height // 8, width - width // 8, height - height // 8
    spots = ((left, top), (right, top), (left, bottom), (right, bottom))
    return [image.getpixel(spot) for spot in spots]  # type: ignore[misc]


@cache
def prepared_from(name: str) -> bytes:
    return prepare_photo(ACCEPTED[name].make())


@cache
def fair(shape: tuple[int, int]) -> Image.Image:
    """The picture reduced in one step, as it should look."""
    return picture(*shape).resize(fitted_size(shape), Image.Resampling.LANCZOS)


def encoded_quickly(shape: tuple[int, int], file_format: str) -> bytes:
    options = {"compress_level": 1} if file_format == "PNG" else {}
    return encoded(picture(*shape), file_format, **options)


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_prepared_photo_looks_like_the_original(name: str) -> None:
    case = ACCEPTED[name]
    image = Image.open(io.BytesIO(prepared_from(name)))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert image.size == fitted_size(case.size)
    if case.corners is None:
        return
    for seen, expected in zip(corner_colours(image), case.corners, strict=True):
        assert seen == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_prepared_photo_has_no_metadata(name: str) -> None:
    prepared = prepared_from(name)
    found = segments(prepared)
    assert {marker for marker, _body in found} <= WITHOUT_METADATA
    # The JFIF header is 14 bytes long when it carries no thumbnail.
    assert [len(body) for marker, body in found if marker == 0xE0] == [14]
    assert prepared.endswith(b"\xff\xd9")
    assert prepared.count(b"\xff\xd9") == 1
    image = Image.open(io.BytesIO(prepared))
    assert not image.getexif()
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)


def test_the_files_with_metadata_do_carry_it_before() -> None:
    gps = Image.open(io.BytesIO(ACCEPTED["gps.jpg"].make()))
    assert gps.getexif().get_ifd(0x8825)
    assert Image.open(io.BytesIO(ACCEPTED["comment.jpg"].make())).info["comment"]
    assert Image.open(io.BytesIO(ACCEPTED["profile.jpg"].make())).info["icc_profile"]
    assert Image.open(io.BytesIO(ACCEPTED["gps.heic"].make())).getexif().get_ifd(0x8825)


@pytest.mark.parametrize("shape", [(4000, 3000), (3000, 4000), (8064, 6048), (2049, 2048)])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_the_longest_side_is_limited_and_the_shape_is_kept(
    shape: tuple[int, int], file_format: str
) -> None:
    image = Image.open(io.BytesIO(prepare_photo(encoded_quickly(shape, file_format))))
    assert MAX_SIDE_PX * NEAR_ENOUGH <= max(image.size) <= MAX_SIDE_PX
    assert image.width / image.height == pytest.approx(shape[0] / shape[1], rel=1e-3)


def test_what_libjpeg_scales_is_as_good_as_resampling() -> None:
    soft = Image.effect_noise((400, 300), 120).resize((4000, 3000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((4000, 3000), 12)
    data = jpeg(Image.merge("RGB", (Image.blend(soft, grain, 0.3), soft, soft.rotate(180))))
    with Image.open(io.BytesIO(data)) as scaled, Image.open(io.BytesIO(data)) as whole:
        assert decode(scaled) == (2000, 1500)
        fair = whole.resize((2000, 1500), Image.Resampling.LANCZOS)
        difference = ImageChops.difference(scaled.convert("L"), fair.convert("L"))
    # Levels of 255; what the encoder of the result adds is more.
    assert ImageStat.Stat(difference).rms[0] < 1.2


def test_a_small_photo_is_not_enlarged() -> None:
    image = Image.open(io.BytesIO(prepare_photo(jpeg(picture(512, 600)))))
    assert image.size == (512, 600)


@pytest.mark.parametrize("shape", [(4097, 3001), (6001, 4003), (8191, 5999)])
@pytest.mark.parametrize("file_format", ["JPEG", "PNG"])
def test_reducing_in_steps_does_not_shift_the_picture(
    shape: tuple[int, int], file_format: str
) -> None:
    """A step that rounds its size up must not stretch the photo: edges stay where they belong."""
    image = Image.open(io.BytesIO(prepare_photo(encoded_quickly(shape, file_format))))
    target = fitted_size(shape)
    crossing = [target[0] // 2, target[1] // 2]
    for step in (-6, 6):
        for spot in ((crossing[0] + step, target[1] // 4), (target[0] // 4, crossing[1] + step)):
            assert image.getpixel(spot) == pytest.approx(fair(shape).getpixel(spot), abs=25)


def test_quality_is_95_with_full_colour_resolution() -> None:
    image = Image.open(io.BytesIO(prepare_photo(jpeg())))
    reference = Image.open(io.BytesIO(jpeg(quality=95)))
    assert image.quantization == reference.quantization  # type: ignore[attr-defined]
    assert [layer[1:3] for layer in image.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]
