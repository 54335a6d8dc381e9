"""WebP decoded into the picture's own memory is the picture that Pillow would give."""

import io
from pathlib import Path

import pytest
from PIL import Image

from services.photos.webp import WebPFile
from tests.services.photos.corpus import picture


def saved(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=True, exact=True, **options)
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("frames", [0, 1])
def test_every_pixel_is_right(mode: str, frames: int) -> None:
    drawn = picture(640, 520).convert(mode)
    drawn.putpixel((3, 2), (1, 2, 3, 4)[: len(mode)])
    one_frame = {"save_all": True, "append_images": [drawn]} if frames else {}
    with WebPFile(io.BytesIO(saved(drawn, **one_frame))) as opened:
        opened.load()
        assert opened.convert(mode).tobytes() == drawn.tobytes()


def test_a_file_opened_by_its_name_is_closed_once_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "a.webp"
    path.write_bytes(saved(picture(640, 520)))
    opened = WebPFile(path)
    file = opened.fp
    assert file is not None
    opened.load()
    assert file.closed
    assert opened.getpixel((0, 0)) == opened.getpixel((0, 0))


def test_a_damaged_file_is_an_error() -> None:
    whole = saved(picture(640, 520))
    with (
        pytest.raises(OSError, match=r"\w"),
        WebPFile(io.BytesIO(whole[: len(whole) // 2])) as opened,
    ):
        opened.load()
