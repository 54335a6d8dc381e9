"""What is taken over from a JPEG file, and how libjpeg is listened to."""

import io
import re

import pytest
from PIL import Image

from services.photos import libjpeg
from services.photos.jpeg import MAX_JPEG_SCANS, MAX_SEGMENTS, followed, is_jpeg
from services.photos.libjpeg import warnings_of
from services.photos.refusal import PhotoRefused
from tests.services.photos.corpus import (
    REFUSED,
    cut,
    encoded,
    exif_with,
    jpeg,
    mpo,
    picture,
    speckled,
    swapped_profile,
    with_segment,
    xmp_turned,
)


def components(data: bytes) -> list[int]:
    return [scan.components for scan in followed(data).scans]


def test_scans_are_counted_past_the_thumbnail_and_up_to_the_limit() -> None:
    thumbnail = b"\xff\xe1" + (2 + 6).to_bytes(2, "big") + b"\xff\xda\xff\xda\xff\xd9"
    plain = jpeg()
    assert components(plain[:2] + thumbnail + plain[2:]) == [3]
    assert 5 <= len(components(jpeg(progressive=True))) <= 12
    assert len(components(REFUSED["many_scans.jpg"].make())) == MAX_JPEG_SCANS + 1


def test_a_plain_jpeg_is_taken_over_as_it_is() -> None:
    plain = jpeg(picture(), progressive=True)
    assert followed(plain).data == plain


@pytest.mark.parametrize(
    "data",
    [
        mpo(),
        jpeg() + bytes(100),
        jpeg()[:-2],
        jpeg(comment=b"home", xmp=xmp_turned()),
        with_segment(0xEB, b"maker" * 100, times=20),
        b"\n" + jpeg(),
    ],
    ids=["second picture", "trailer", "no end", "metadata", "maker's data", "line break"],
)
def test_what_does_not_belong_to_the_picture_is_left_behind(data: bytes) -> None:
    assert followed(data).data == jpeg()


def test_what_says_how_to_show_the_picture_is_kept() -> None:
    data = jpeg(exif=exif_with(6), icc_profile=swapped_profile())
    kept = Image.open(io.BytesIO(followed(data).data))
    assert kept.getexif()[0x0112] == 6
    assert kept.info["icc_profile"] == swapped_profile()
    cmyk = jpeg(Image.new("CMYK", (512, 512), (255, 0, 0, 0)))
    assert Image.open(io.BytesIO(followed(cmyk).data)).info["adobe_transform"] is not None


@pytest.mark.parametrize(
    "data", [b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\xff\xd8\xff\xc4\0\x09ab"]
)
def test_the_beginning_of_a_jpeg_is_followed_as_far_as_it_goes(data: bytes) -> None:
    assert is_jpeg(data)
    assert followed(data).data.startswith(b"\xff\xd8")


def test_segments_are_counted() -> None:
    with pytest.raises(PhotoRefused):
        followed(b"\xff\xd8" + b"\xff\xe5\0\2" * (MAX_SEGMENTS + 1))


def test_libjpeg_is_heard() -> None:
    whole = jpeg(speckled())
    assert warnings_of(whole) == []
    (warning,) = warnings_of(cut(whole, 0.5) + b"\xff\xd9")
    assert warning == "Corrupt JPEG data: premature end of data segment"
    (warning,) = warnings_of(whole[:-2] + b"abc" * 30 + b"\xff\xd9")
    assert re.fullmatch(r"Corrupt JPEG data: [89]\d extraneous bytes before marker 0xd9", warning)


def test_the_library_corrects_a_wrong_guess_of_its_version_and_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    library = libjpeg._library()
    assert library is not None
    ask = libjpeg._version_and_size.__wrapped__
    right = ask(library)
    monkeypatch.setattr(libjpeg, "_LIB_VERSION", 41)
    monkeypatch.setattr(libjpeg, "_STRUCT_BYTES", 999)
    assert ask(library) == right


def test_other_files_are_no_jpegs() -> None:
    assert not is_jpeg(b"")
    assert not is_jpeg(encoded(picture(), "PNG"))
