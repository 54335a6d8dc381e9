"""The archive is flat, plainly named, in order, and there only when it is whole."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from services.photos.prepare import ArchiveWriter, prepare_photo, write_archive
from tests.services.photos.corpus import jpeg, picture


def prepared(count: int) -> list[bytes]:
    return [prepare_photo(jpeg(picture(520 + index, 600))) for index in range(count)]


def test_twenty_photos_lie_flat_under_plain_names_in_order(tmp_path: Path) -> None:
    photos = prepared(20)
    path = tmp_path / "photos.zip"
    write_archive(path, iter(photos))
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{number:02d}.jpg" for number in range(1, 21)]
        for number, info in enumerate(archive.infolist()):
            assert info.filename.isascii()
            assert info.compress_type == zipfile.ZIP_STORED
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            image = Image.open(io.BytesIO(archive.read(info)))
            assert (image.format, image.size) == ("JPEG", (520 + number, 600))


def test_the_same_photos_give_the_same_bytes(tmp_path: Path) -> None:
    photos = prepared(2)
    for name in ("one.zip", "two.zip"):
        write_archive(tmp_path / name, photos)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_error_leaves_nothing_behind_and_the_older_archive_alone(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(b"older")

    def photos() -> Iterator[bytes]:
        yield b"jpeg"
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_archive(path, photos())
    assert [entry.name for entry in tmp_path.iterdir()] == ["photos.zip"]
    assert path.read_bytes() == b"older"


def test_the_archive_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    with ArchiveWriter(path) as archive:
        assert archive.add(b"jpeg") == "01.jpg"
        assert not path.exists()
    assert path.exists()
