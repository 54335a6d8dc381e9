"""Thumbnails of anything that can be shown, and the sheet they are drawn on."""

import io
from functools import cache

import pytest
from PIL import Image, ImageFont

from services.domain.vocabulary import Language
from services.photos import contact_sheet as module
from services.photos.coach.judging import Flaw
from services.photos.contact_sheet import contact_sheet
from services.photos.refusal import PhotoRefused, RefusalReason
from services.photos.thumbnail import thumbnail
from services.photos.tile import MAX_TILES, THUMBNAIL_PX, Mark, Tile
from services.photos.worker import PhotoWorker
from tests.services.photos.corpus import (
    BLUE,
    GREEN,
    RED,
    encoded,
    heic,
    jpeg,
    oriented,
    picture,
    png_claiming,
)
from texts.reader import Texts

STEP = THUMBNAIL_PX + 12
WORDS_PX = 48


def opened(sheet: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(sheet))
    image.load()
    assert image.format == "JPEG"
    return image


def distance(image: Image.Image, place: tuple[int, int], colour: tuple[int, ...]) -> int:
    pixel = image.getpixel(place)
    assert isinstance(pixel, tuple)
    return max(abs(one - other) for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize(
    "data",
    [jpeg(), heic(), encoded(picture(), "PNG"), encoded(picture(), "WEBP"), oriented(6)],
    ids=["jpeg", "heic", "png", "webp", "on_its_side"],
)
def test_a_photo_is_shown_small_and_upright(data: bytes) -> None:
    small = opened(thumbnail(data))
    assert (small.mode, small.size) == ("RGB", (192, 240))
    assert distance(small, (20, 20), RED) < 40
    assert distance(small, (170, 20), GREEN) < 40
    assert distance(small, (20, 220), BLUE) < 40


@pytest.mark.parametrize(("size", "shown"), [((320, 240), (240, 180)), ((100, 90), (100, 90))])
def test_what_is_too_small_to_be_trained_on_is_shown_all_the_same(
    size: tuple[int, int], shown: tuple[int, int]
) -> None:
    assert opened(thumbnail(jpeg(picture(*size)))).size == shown


@pytest.mark.parametrize("data", [b"", b"no photo", jpeg()[:2000], png_claiming(20_000, 20_000)])
def test_what_cannot_be_shown_is_refused(data: bytes) -> None:
    with pytest.raises(PhotoRefused):
        thumbnail(data)


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, 1, 1), (4, 4, 1), (5, 5, 1), (20, 5, 4), (100, 10, 10)]
)
def test_a_sheet_has_a_tile_for_each_photo(count: int, columns: int, rows: int) -> None:
    tiles = [Tile(number, Mark.ACCEPTED) for number in range(1, count + 1)]
    assert opened(contact_sheet(tiles)).size == (columns * STEP + 12, rows * STEP + 12)


def test_words_get_room_below_and_the_marks_tell_the_verdicts_apart() -> None:
    tiles = [Tile(number, mark, "words") for number, mark in enumerate(Mark, start=1)]
    sheet = opened(contact_sheet(tiles))
    assert sheet.size == (4 * STEP + 12, STEP + WORDS_PX + 12)
    # Where a badge has its ground and none of its strokes.
    places = {tile.mark: (n * STEP + 224, 208) for n, tile in enumerate(tiles)}
    assert distance(sheet, places[Mark.ACCEPTED], (46, 158, 79)) < 40
    assert distance(sheet, places[Mark.WARNING], (224, 138, 0)) < 40
    assert distance(sheet, places[Mark.REFUSED], (210, 59, 59)) < 40
    assert distance(sheet, places[Mark.PENDING], (122, 130, 140)) < 40


def test_pictures_stand_in_their_order() -> None:
    colours = [RED, GREEN, BLUE]
    tiles = [
        Tile(number, Mark.ACCEPTED, thumbnail=jpeg(Image.new("RGB", (240, 200), colour)))
        for number, colour in enumerate(colours, start=1)
    ]
    sheet = opened(contact_sheet(tiles))
    for index, colour in enumerate(colours):
        assert distance(sheet, (12 + index * STEP + 120, 132), colour) < 20


def test_words_of_any_length_stay_within_two_lines() -> None:
    for words in ("one", "a b c", "very " * 40, "W" * 200):
        contact_sheet([Tile(1, Mark.REFUSED, words)])
        assert len(module._lines(words)) <= 2


@pytest.mark.parametrize("language", list(Language))
def test_the_font_has_every_letter_of_the_reasons(language: Language) -> None:
    t = Texts(language)
    reasons = [t.plain(f"tile-{reason.value}") for reason in RefusalReason]
    reasons += [t.plain(f"tile-flaw-{flaw.value}") for flaw in Flaw]
    letters = set("".join([*reasons, t.plain("tile-pending"), "0123456789…"])) - {" "}
    assert {letter for letter in letters if drawn(letter) == drawn("\uffff")} == set()
    assert drawn("Ж") != drawn("Д")


@cache
def drawn(letter: str) -> bytes:
    font: ImageFont.FreeTypeFont = module._font(20)
    return bytes(font.getmask(letter))


async def test_the_worker_makes_thumbnails_and_sheets() -> None:
    async with PhotoWorker() as worker:
        tile = Tile(1, Mark.ACCEPTED, thumbnail=await worker.thumbnail(jpeg()))
        sheet = await worker.contact_sheet([tile] * MAX_TILES)
    assert max(opened(sheet).size) <= 2560
