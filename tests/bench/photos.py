"""How long photo work takes and how much memory it needs: `python -m tests.bench.photos`.

Prints figures, judges nothing. Each scenario runs in a process of its own, because the peak that
the kernel reports (`VmHWM`, from `/proc/self/status`, so Linux only) never goes down again.
`python -m tests.bench.photos coach` says what the photo coach costs alone, and
`python -m tests.bench.photos huge` does the same for single pictures near the limits in pixels; it
takes minutes.
"""

import asyncio
import importlib.util
import io
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from sandbox.portraits import draw_portraits
from services.photos.limits import Limits
from services.photos.opening import MAX_SIDE_PX
from services.photos.prepare import JPEG_QUALITY, prepare_photo
from services.photos.worker import PhotoWorker

PHOTOS = 20
SIZE_12_MP = (4000, 3000)
SIZES = {"8": (3264, 2448), "12": SIZE_12_MP, "16": (4608, 3456), "48": (8064, 6048)}
"""By megapixels: libjpeg's scaling reaches the size wanted at 12 and 48, and helps at 16."""
SIZE_HUGE = (11000, 9000)
SIZE_AT_ONCE = (7000, 7000)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def peak_mb(pid: int | str = "self") -> float:
    """Peak resident memory of a process so far, in MB."""
    return _memory_mb(pid, "VmHWM")


def resident_mb(pid: int | str) -> float:
    """Resident memory of a process now, in MB."""
    return _memory_mb(pid, "VmRSS")


def is_there(pid: int | str) -> bool:
    return Path(f"/proc/{pid}").exists()


def _memory_mb(pid: int | str, name: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 / 1e6


def photo_like(size: tuple[int, int]) -> Image.Image:
    """A picture with soft shapes and some grain, so that it compresses about as a photo does."""
    width, height = size
    soft = Image.effect_noise((width // 64, height // 64), 120).resize(
        size, Image.Resampling.BICUBIC
    )
    grain = Image.effect_noise(size, 12)
    return Image.merge("RGB", (Image.blend(soft, grain, 0.3), soft, soft.rotate(180)))


def file_of(
    size: tuple[int, int], file_format: str, mode: str, options: dict[str, object]
) -> bytes:
    """Encode one test photo; runs in a process of its own to leave no trace in the figures."""
    # Unpacked size does not depend on the picture, and grain would not fit 20 MB without loss.
    lossless = file_format == "PNG" or options.get("compression") == "tiff_adobe_deflate"
    flat = lossless and size in {SIZE_HUGE, SIZE_AT_ONCE}
    image = Image.new(mode, size) if flat else photo_like(size).convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


async def check_and_archive(data: bytes, photos: int) -> None:
    """The product's own path: check every photo, then prepare all of them into an archive."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photos.zip"
        async with PhotoWorker() as worker:
            began = time.perf_counter()
            for _ in range(photos):
                await worker.check(data)
            checked = time.perf_counter()
            async with worker.archive(path) as archive:
                for _ in range(photos):
                    await worker.add_to_archive(archive, data)
            done = time.perf_counter()
            peak = peak_mb(worker.process_id or "self")
        zip_mb = path.stat().st_size / 1e6
    say(
        f"  check {(checked - began) / photos * 1000:6.0f} ms   "
        f"prepare {(done - checked) / photos * 1000:6.0f} ms   zip {zip_mb:6.1f} MB   "
        f"peak {peak:6.0f} MB in the photo process"
    )


def measured(data: bytes, photos: int) -> None:
    before = peak_mb()
    asyncio.run(check_and_archive(data, photos))
    say(f"  peak {peak_mb():6.0f} MB in the caller, of which {before:.0f} MB before any photo")


def as_a_camera_makes_it(portrait: bytes) -> bytes:
    """Return a drawn portrait in 12 megapixels, with as much grain as makes 3 to 4 MB."""
    image = Image.open(io.BytesIO(portrait)).resize((3000, 4000), Image.Resampling.BICUBIC)
    grain = Image.effect_noise(image.size, 40).convert("RGB")
    buffer = io.BytesIO()
    Image.blend(image, grain, 0.12).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def coach_against_none(data: bytes, photos: int) -> None:
    """Compare check and preparation with look and preparation, by processor and in turns."""
    from services.photos.check import check_photo  # noqa: PLC0415
    from services.photos.coach import eye  # noqa: PLC0415  # 140 MB, for this process alone

    eye.load()
    works = {"check": check_photo, "look": eye.look, "prepare": prepare_photo}
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(photos):
        for name, work in works.items():
            began = time.process_time()
            work(data)
            spent[name].append((time.process_time() - began) * 1000)
    check, look, prepare = (statistics.median(each) for each in spent.values())
    ratio = (look + prepare) / (check + prepare)
    say(
        f"  check {check:.0f} ms, look {look:.0f} ms, prepare {prepare:.0f} ms:"
        f" with the coach {ratio:.2f}x"
    )


async def look_at(photos: Sequence[bytes]) -> None:
    """Have photos looked at, and say what the photo process holds then, and after its end."""
    async with PhotoWorker(Limits(idle_s=0.5), has_coach=True) as worker:
        for data in photos:
            await worker.look(data)
        pid = worker.process_id or "self"
        say(f"  photo process {resident_mb(pid):.0f} MB, peak {peak_mb(pid):.0f} MB")
        while is_there(pid):  # noqa: ASYNC110  # nobody tells
            await asyncio.sleep(0.1)
        say(f"  without work it is gone; the caller has {resident_mb('self'):.0f} MB")


def coach() -> None:
    """Say what the coach costs on a file from a camera and on one as Telegram makes it."""
    small = draw_portraits(0, PHOTOS)
    large = as_a_camera_makes_it(small[0])
    for name, data in (("a camera", large), ("Telegram", small[0])):
        say(f"A JPEG from {name}, {len(data) / 1e6:.1f} MB")
        alone(coach_against_none, data, PHOTOS)
    say(f"{PHOTOS} photos looked at")
    asyncio.run(look_at(small))


def against_vips(data: bytes, photos: int) -> None:
    """Compare the preparation with libvips', in turns and in one process, by its processor time.

    pyvips is not among our packages: it brings 18 MB of decoders, and is slower.
    """
    if importlib.util.find_spec("pyvips") is None:
        say("  not compared with libvips: pip install pyvips pyvips-binary")
        return
    pyvips = importlib.import_module("pyvips")

    def by_vips(data: bytes) -> bytes:
        small = pyvips.Image.thumbnail_buffer(data, MAX_SIDE_PX, height=MAX_SIDE_PX, size="down")
        return bytes(small.jpegsave_buffer(Q=JPEG_QUALITY, subsample_mode="off", keep="none"))

    spent: dict[str, list[float]] = {"Pillow": [], "libvips": []}
    kb: dict[str, float] = {}
    for _ in range(photos):
        for name, prepare in (("Pillow", prepare_photo), ("libvips", by_vips)):
            began = time.process_time()
            kb[name] = len(prepare(data)) / 1e3
            spent[name].append(time.process_time() - began)
    ours, theirs = (statistics.median(each) * 1000 for each in spent.values())
    say(
        f"  Pillow {ours:.0f} ms ({kb['Pillow']:.0f} kB), libvips {theirs:.0f} ms"
        f" ({kb['libvips']:.0f} kB): {ours / theirs:.2f}x"
    )


def alone(work: Callable[..., None], *args: object) -> None:
    process = multiprocessing.get_context("spawn").Process(target=work, args=args)
    process.start()
    process.join()


def made(*args: object) -> bytes:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(file_of, args)


def usual() -> None:
    for name, size in SIZES.items():
        photos = PHOTOS if size == SIZE_12_MP else 5
        data = made(size, "JPEG", "RGB", {"quality": 90})
        say(f"{photos} JPEGs of {name} megapixels, {len(data) / 1e6:.1f} MB each")
        alone(measured, data, photos)
        alone(against_vips, data, photos)
    for file_format in ("HEIF", "PNG", "WEBP"):
        data = made(SIZE_12_MP, file_format, "RGB", {})
        say(f"3 {file_format} of 12 megapixels, {len(data) / 1e6:.1f} MB each")
        alone(measured, data, 3)


def huge() -> None:
    for size, file_format, mode, options in (
        (SIZE_HUGE, "JPEG", "RGB", {"quality": 30}),
        (SIZE_HUGE, "PNG", "P", {}),
        (SIZE_HUGE, "PNG", "RGBA", {}),
        (SIZE_HUGE, "PNG", "I;16", {}),
        (SIZE_AT_ONCE, "JPEG", "RGB", {"quality": 30, "progressive": True}),
        (SIZE_AT_ONCE, "WEBP", "RGB", {"quality": 1, "method": 0}),
        (SIZE_AT_ONCE, "TIFF", "RGB", {"compression": "jpeg", "quality": 30}),
        (SIZE_AT_ONCE, "TIFF", "RGBA", {"compression": "tiff_adobe_deflate"}),
        (SIZE_AT_ONCE, "HEIF", "RGB", {"quality": 1}),
    ):
        data = made(size, file_format, mode, options)
        say(f"1 {file_format} ({mode}, {options}) of {size}, {len(data) / 1e6:.1f} MB")
        if len(data) <= 20 * 1024 * 1024:
            alone(measured, data, 1)
        else:
            say("  over 20 MB, so it would be refused")


if __name__ == "__main__":
    if sys.argv[1:] == ["huge"]:
        huge()
    elif sys.argv[1:] == ["coach"]:
        coach()
    else:
        usual()
        coach()
