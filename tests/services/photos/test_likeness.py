"""One picture is known however it is encoded; another moment of a scene is another photo."""

import io
from collections.abc import Callable
from functools import cache

import pytest
from PIL import Image, ImageEnhance

from sandbox.portraits import draw_portraits
from services.photos.check import check_photo
from services.photos.likeness import difference, is_same, near_copies
from tests.services.photos.corpus import encoded, exif_with, heic, jpeg


@cache
def portraits() -> list[Image.Image]:
    drawn = draw_portraits(character=1, count=8)
    return [Image.open(io.BytesIO(data)).convert("RGB") for data in drawn]


def portrait() -> Image.Image:
    return portraits()[0]


def fingerprint(data: bytes) -> str:
    return check_photo(data).fingerprint


@cache
def original() -> str:
    return fingerprint(encoded(portrait(), "PNG"))


def scaled(factor: float) -> Image.Image:
    image = portrait()
    size = round(image.width * factor), round(image.height * factor)
    return image.resize(size, Image.Resampling.LANCZOS)


def turned_by_exif() -> bytes:
    lying = portrait().transpose(Image.Transpose.ROTATE_90)
    return jpeg(lying, exif=exif_with(6))


SAME: dict[str, Callable[[], bytes]] = {
    "jpeg 30": lambda: jpeg(portrait(), quality=30),
    "jpeg 95": lambda: jpeg(portrait(), quality=95),
    "progressive jpeg": lambda: jpeg(portrait(), progressive=True),
    "webp": lambda: encoded(portrait(), "WEBP", quality=40, method=0),
    "heic": lambda: heic(portrait(), quality=40),
    "avif": lambda: encoded(portrait(), "AVIF", quality=40, speed=10),
    "tiff": lambda: encoded(portrait(), "TIFF"),
    "bmp": lambda: encoded(portrait(), "BMP"),
    "transparent png": lambda: encoded(portrait().convert("RGBA"), "PNG"),
    "cmyk jpeg": lambda: jpeg(portrait().convert("CMYK")),
    "two thirds": lambda: jpeg(scaled(0.67)),
    "odd size": lambda: jpeg(scaled(0.5403)),
    "double": lambda: jpeg(scaled(2)),
    "half, lossless": lambda: encoded(scaled(0.6), "PNG"),
    "turned by exif": turned_by_exif,
    "black and white": lambda: jpeg(portrait().convert("L")),
}


@pytest.mark.parametrize("name", SAME)
def test_one_picture_in_another_encoding_or_size_is_the_same(name: str) -> None:
    found = fingerprint(SAME[name]())
    assert is_same(original(), found), difference(original(), found)


def other_mouth() -> Image.Image:
    """Squeeze a part of the face, as another expression does."""
    changed = portrait().copy()
    box = tuple(
        int(side * part)
        for side, part in zip(portrait().size * 2, (0.4, 0.45, 0.6, 0.55), strict=True)
    )
    left, top, right, bottom = box
    part = portrait().crop((left, top, right, bottom))
    squeezed = part.resize((part.width, part.height // 2)).resize(part.size)
    changed.paste(squeezed.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (left, top))
    return changed


def cut(share: float) -> Image.Image:
    width, height = portrait().size
    return portrait().crop((int(width * share), int(height * share), width, height))


NEAR: dict[str, Callable[[], Image.Image]] = {
    "another mouth": other_mouth,
    "1 % cut off": lambda: cut(0.01),
    "2 % cut off": lambda: cut(0.02),
    "turned by a degree": lambda: portrait().rotate(1, Image.Resampling.BICUBIC),
    "brighter": lambda: ImageEnhance.Brightness(portrait()).enhance(1.1),
}


@pytest.mark.parametrize("name", NEAR)
def test_another_moment_of_a_scene_is_near_and_not_the_same(name: str) -> None:
    found = fingerprint(jpeg(NEAR[name]()))
    assert not is_same(original(), found), difference(original(), found)
    assert near_copies([original(), found]) == [(1, 0)]


def test_different_photos_of_one_person_are_neither() -> None:
    prints = [fingerprint(jpeg(one)) for one in portraits()]
    assert near_copies(prints) == []
    assert not any(is_same(prints[0], other) for other in prints[1:])


def test_a_picture_seen_in_a_mirror_is_another() -> None:
    mirrored = portrait().transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    found = fingerprint(jpeg(mirrored))
    assert not is_same(original(), found)
    assert near_copies([original(), found]) == []


def test_what_has_no_fingerprint_is_like_nothing() -> None:
    assert not is_same(None, None)
    assert not is_same(original(), None)
    assert near_copies([None, original(), None, original()]) == [(3, 1)]


def test_each_near_copy_is_named_once_with_the_first_it_is_near_to() -> None:
    other = fingerprint(jpeg(portraits()[1]))
    assert near_copies([original(), other, original(), original()]) == [(2, 0), (3, 0)]
