"""The private folder that archives are made in."""

import os
import secrets
import signal
import stat
import zipfile
from pathlib import Path
from tempfile import gettempdir

from services.photos.worker import PhotoWorker
from services.training.packing import Packing, emptied_folder
from tests.services.kit import Album, jpeg
from tests.values import a_photo


def test_what_a_killed_process_left_is_removed_and_nobody_else_may_look() -> None:
    name = f"neurophoto-test-{secrets.token_hex(4)}"
    folder = emptied_folder(name)
    left = folder / "neurophoto-abc"
    left.mkdir()
    (left / "photos.zip").write_bytes(b"a face")
    try:
        assert emptied_folder(name) == folder
        assert list(folder.iterdir()) == []
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    finally:
        folder.rmdir()


def test_a_name_that_belongs_to_somebody_else_is_left_alone() -> None:
    name = f"neurophoto-test-{secrets.token_hex(4)}"
    theirs = Path(gettempdir(), name)
    theirs.write_text("theirs")
    try:
        folder = emptied_folder(name)
        assert folder != theirs
        assert folder.is_dir()
        assert theirs.read_text() == "theirs"
        folder.rmdir()
    finally:
        theirs.unlink()


async def test_photos_that_can_no_longer_be_had_are_named(worker: PhotoWorker) -> None:
    album = Album({"file-1": jpeg(1), "file-3": b"no photo", "file-4": jpeg(4)})
    photos = [
        a_photo(id=number, number=number, file_id=f"file-{number}") for number in range(1, 5)
    ]
    done: list[int] = []

    async def note(count: int) -> None:
        done.append(count)

    async with Packing(album, worker).archive(photos, note) as packed:
        with zipfile.ZipFile(packed.path) as archive:
            assert archive.namelist() == ["01.jpg", "02.jpg"]
    assert (packed.photos, packed.left_out) == (2, (2, 3))
    assert done == [1, 2, 3, 4]


class DeadlyAlbum(Album):
    """Has the photo process killed, once, just before it is given a photo."""

    def __init__(self, files: dict[str, bytes], worker: PhotoWorker, file_id: str) -> None:
        super().__init__(files)
        self.worker, self.deadly = worker, file_id

    async def fetch(self, file_id: str) -> bytes:
        if file_id == self.deadly and self.worker.process_id is not None:
            os.kill(self.worker.process_id, signal.SIGKILL)
            self.deadly = ""
        return await super().fetch(file_id)


async def test_a_photo_is_not_lost_with_the_process_that_something_else_has_ended(
    worker: PhotoWorker,
) -> None:
    files = {f"file-{number}": jpeg(number) for number in range(1, 4)}
    photos = [
        a_photo(id=number, number=number, file_id=f"file-{number}") for number in range(1, 4)
    ]
    album = DeadlyAlbum(files, worker, "file-2")

    async def note(_count: int) -> None:
        pass

    async with Packing(album, worker).archive(photos, note) as packed:
        with zipfile.ZipFile(packed.path) as archive:
            assert archive.namelist() == ["01.jpg", "02.jpg", "03.jpg"]
    assert album.deadly == ""
    assert packed.left_out == ()
