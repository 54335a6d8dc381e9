"""The worker keeps Pillow off the event loop and unpacks one photo at a time."""

import asyncio
import gc
import os
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from services.photos.check import PhotoFacts, PhotoRefused, RefusalReason, check_photo
from services.photos.prepare import prepare_photo
from services.photos.worker import PhotoWorker
from tests.services.photos.corpus import encoded, jpeg, picture, png_of_zeros


async def test_the_worker_answers_as_the_plain_functions_do() -> None:
    data = jpeg()
    async with PhotoWorker() as worker:
        assert await worker.check(data) == check_photo(data)
        assert await worker.prepare(data) == prepare_photo(data)
        with pytest.raises(PhotoRefused) as refusal:
            await worker.check(b"")
    assert refusal.value.reason is RefusalReason.UNREADABLE


async def test_the_event_loop_goes_on_while_a_large_photo_is_decoded() -> None:
    data = png_of_zeros(6000, 5000, colour=2)
    turns = 0
    async with PhotoWorker() as worker, asyncio.TaskGroup() as group:
        checking = group.create_task(worker.check(data))
        while not checking.done():
            turns += 1
            await asyncio.sleep(0)
    assert turns > 100


async def test_twenty_photos_at_once_are_kept_in_order(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    photos = [jpeg(picture(520 + index, 600)) for index in range(20)]
    async with PhotoWorker() as worker, worker.archive(path) as archive:
        names = await asyncio.gather(*(worker.add_to_archive(archive, photo) for photo in photos))
    assert names == [f"{number:02d}.jpg" for number in range(1, 21)]
    with zipfile.ZipFile(path) as finished:
        widths = [Image.open(finished.open(name)).width for name in finished.namelist()]
    assert widths == [520 + index for index in range(20)]


async def test_a_refused_photo_leaves_the_archive_usable(tmp_path: Path) -> None:
    path = tmp_path / "photos.zip"
    async with PhotoWorker() as worker, worker.archive(path) as archive:
        await worker.add_to_archive(archive, jpeg())
        with pytest.raises(PhotoRefused):
            await worker.add_to_archive(archive, b"no photo")
        assert await worker.add_to_archive(archive, jpeg()) == "02.jpg"
    with zipfile.ZipFile(path) as finished:
        assert finished.namelist() == ["01.jpg", "02.jpg"]


async def fill(
    worker: PhotoWorker, path: Path, photos: list[bytes], opened: asyncio.Event
) -> None:
    async with worker.archive(path) as archive:
        opened.set()
        for photo in photos:
            await worker.add_to_archive(archive, photo)


async def test_an_error_or_a_cancel_discards_the_archive(tmp_path: Path) -> None:
    path, opened = tmp_path / "photos.zip", asyncio.Event()
    async with PhotoWorker() as worker:
        with pytest.raises(PhotoRefused):
            await fill(worker, path, [jpeg(), b"no photo"], opened)
        assert not any(os.scandir(tmp_path))
        opened.clear()
        async with asyncio.TaskGroup() as group:
            filling = group.create_task(
                fill(worker, path, [jpeg(picture(3000, 2000))] * 20, opened)
            )
            await opened.wait()
            filling.cancel()
    assert not any(os.scandir(tmp_path))


async def test_a_kept_refusal_does_not_keep_the_pixels() -> None:
    """A refusal may live long in a task or a log record; the picture must not live with it."""
    data = encoded(picture(3000, 2000), "PNG")
    gc.collect()
    async with PhotoWorker() as worker:
        with pytest.raises(PhotoRefused) as refusal:
            await worker.prepare(data[: len(data) // 2])
    held = [thing for thing in gc.get_objects() if isinstance(thing, Image.Image)]
    assert refusal.value.reason is RefusalReason.UNREADABLE
    assert not [image for image in held if image.size == (3000, 2000) and image.format == "PNG"]


async def test_closing_waits_for_the_photo_in_work_and_drops_the_rest() -> None:
    worker = PhotoWorker()
    data = jpeg(picture(3000, 2000))
    # Seconds of work, of which the closing leaves only what had begun.
    checks = (worker.check(data) for _ in range(300))
    *results, _ = await asyncio.gather(*checks, worker.close(), return_exceptions=True)
    assert isinstance(results[0], PhotoFacts)
    assert isinstance(results[-1], asyncio.CancelledError)
    with pytest.raises(RuntimeError):
        await worker.check(jpeg())
