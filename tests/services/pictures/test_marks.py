"""What leaves is marked as made by AI, and nothing else about it changes."""

import io
from typing import Any

import pytest
from PIL import Image

from db.database import Database
from services.domain.values import Picture
from services.fal.client import FalClient
from services.photos.worker import PhotoWorker
from services.pictures.marks import Mark, Marks
from services.pictures.service import PictureService
from services.pictures.xmp import SOURCE_TYPE, packet, with_xmp
from services.users.service import UserService, Wish
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import USER, keep_model, keep_result

XMP = packet()
PROMPT = "a king & <queen> «Ж»"


def picture(kind: str, mode: str = "RGB", **how: Any) -> bytes:  # noqa: ANN401  # Pillow's own
    drawn = Image.effect_mandelbrot((96, 64), (-2, -1, 1, 1), 50).convert(mode)
    out = io.BytesIO()
    drawn.save(out, kind, **how)
    return out.getvalue()


def read(data: bytes) -> tuple[bytes, bytes]:
    """Return the pixels of a picture and the XMP that Pillow finds in it."""
    with Image.open(io.BytesIO(data)) as opened:
        opened.load()
        found = opened.info.get("xmp", opened.info.get("XML:com.adobe.xmp", b""))
        return opened.tobytes(), found.encode() if isinstance(found, str) else found


FILES = {
    "jpeg": picture("JPEG"),
    "progressive jpeg": picture("JPEG", progressive=True),
    "jpeg with exif": picture("JPEG", exif=Image.Exif().tobytes() + b"Exif\x00\x00"),
    "png": picture("PNG"),
    "transparent png": picture("PNG", "RGBA"),
    "lossy webp": picture("WEBP"),
    "lossless webp": picture("WEBP", lossless=True),
    "transparent lossless webp": picture("WEBP", "RGBA", lossless=True),
    "transparent lossy webp": picture("WEBP", "RGBA"),
    "extended webp": picture("WEBP", icc_profile=b"not a profile"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_mark_is_read_and_the_pixels_are_the_same(name: str) -> None:
    before, _ = read(FILES[name])
    after, xmp = read(with_xmp(FILES[name], XMP))
    assert after == before
    assert SOURCE_TYPE.encode() in xmp
    assert b"DigitalSourceType" in xmp


@pytest.mark.parametrize("name", FILES)
def test_of_a_file_that_is_cut_off_nothing_raises(name: str) -> None:
    data = FILES[name]
    for length in (0, 1, 3, 8, 12, 16, 20, 24, 30, len(data) // 2):
        assert with_xmp(data[:length], XMP).startswith(data[: min(length, 2)])


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"RIFF\x00\x00\x00\x00WAVE", b"\x89PNG\r\n\x1a\n"]
)
def test_another_file_stays_as_it_is(data: bytes) -> None:
    assert with_xmp(data, XMP) == data


def test_prompt_and_seed_are_words_in_it_and_never_markup() -> None:
    _, xmp = read(with_xmp(FILES["png"], packet(PROMPT, 7)))
    text = xmp.decode()
    assert "a king &amp; &lt;queen&gt; «Ж»" in text
    assert "Seed 7" in text
    assert "dc:description" not in XMP.decode()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_visible_mark_is_in_its_corner_and_nowhere_else(
    worker: PhotoWorker, kind: str
) -> None:
    white = Image.new("RGB", (640, 800), "white")
    out = io.BytesIO()
    white.save(out, kind)
    marked = await Marks(Mark.VISIBLE, worker).put(out.getvalue())
    with Image.open(io.BytesIO(marked)) as opened:
        assert (opened.format, opened.size) == (kind, white.size)
        shown = opened.convert("L")
    assert min(shown.crop((520, 700, 640, 800)).tobytes()) < 150
    assert min(shown.crop((0, 0, 640, 700)).tobytes()) > 245
    assert SOURCE_TYPE.encode() in read(marked)[1]


async def test_what_cannot_be_drawn_on_is_sent_as_it_is(worker: PhotoWorker) -> None:
    assert await Marks(Mark.VISIBLE, worker).put(b"broken") == b"broken"


async def test_who_wants_no_mark_gets_fals_bytes(worker: PhotoWorker) -> None:
    assert await Marks(Mark.NONE, worker).put(FILES["jpeg"]) == FILES["jpeg"]


async def test_a_files_prompt_is_there_for_who_wants_it_alone(
    database: Database, fal: FalClient, local_fal: LocalFal, worker: PhotoWorker
) -> None:
    del local_fal
    url = await fal._fal.upload(FILES["jpeg"], "image/jpeg", "one.jpg")
    model = await keep_model(database, "https://lora")
    result = await keep_result(database, model, url, prompt=PROMPT)
    pictures = PictureService(database, fal, marks=Marks(Mark.METADATA, worker))
    async with database.transaction() as tx:
        (one,) = await tx.pictures.all_of(result.id)
        await tx.pictures.note_sent(one.id, "photo", "document")

    async def resume() -> None:
        return

    users = UserService(database, resume)
    assert PROMPT.split()[1].encode() not in read(await pictures.fetch(one))[1]
    await users.want(USER, Wish.PROMPTS, on=True)
    xmp = read(await pictures.fetch(one))[1]
    assert b"a king" in xmp
    assert f"Seed {result.seed}".encode() in xmp
    # The file that Telegram has is one without.
    assert (await kept(database, one)).document_file_id is None
    assert (await kept(database, one)).photo_file_id == "photo"
    await users.want(USER, Wish.PROMPTS, on=False)
    assert b"a king" not in read(await pictures.fetch(one))[1]


async def kept(database: Database, one: Picture) -> Picture:
    async with database.transaction() as tx:
        found = await tx.pictures.get(one.id)
    assert found is not None
    return found
