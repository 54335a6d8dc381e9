"""The numbered photos of a draft: what is shown of them, and what removing takes."""

import io

import pytest
from PIL import Image

from db.database import Database
from services.domain.values import Photo
from services.domain.vocabulary import PhotoState
from services.errors import NotFound, StaleButton, UnknownPhotos
from services.photos.tile import MAX_TILES
from services.photos.worker import PhotoWorker
from services.training.contact_sheets import NUMBERS_LISTED, ContactSheets
from tests.services.kit import (
    STRANGER,
    USER,
    begin_draft,
    full_album,
    jpeg,
    photo_values,
    start_draft,
)

GREY = (217, 220, 225)


class Table:
    """A draft with nine photos, and the service over it."""

    def __init__(self, database: Database, worker: PhotoWorker) -> None:
        self.database = database
        self.album = full_album(9)
        self.checked: list[str] = []
        self.sheets = ContactSheets(database, self.album, worker, self.checked.append)
        self.draft_id = ""

    async def photos(self) -> list[Photo]:
        async with self.database.transaction() as tx:
            return list(await tx.photos.all_of(self.draft_id))

    async def numbers(self) -> list[int]:
        return [photo.number for photo in await self.photos()]

    async def add(self, number: int, **changes: object) -> None:
        async with self.database.transaction() as tx:
            await tx.photos.record(photo_values(self.draft_id, number, **changes))

    async def refuse(self, number: int, refusal: str) -> None:
        refused = {"state": PhotoState.REFUSED, "refusal": refusal, "sha256": None}
        await self.add(number, **refused)

    async def drawn(self) -> Image.Image:
        photos = await self.sheets.photos(USER, self.draft_id)
        sheet = Image.open(io.BytesIO(await self.sheets.draw(photos, lambda _photo: "")))
        sheet.load()
        return sheet


@pytest.fixture
async def table(database: Database, worker: PhotoWorker) -> Table:
    table = Table(database, worker)
    draft = await begin_draft(database, 9)
    table.draft_id = draft.id
    return table


def middle(sheet: Image.Image, index: int) -> tuple[int, ...]:
    row, column = divmod(index, 5)
    pixel = sheet.getpixel((12 + column * 252 + 120, 12 + row * 252 + 120))
    assert isinstance(pixel, tuple)
    return pixel


async def test_the_named_photos_are_removed_and_the_others_keep_their_numbers(
    table: Table,
) -> None:
    assert await table.sheets.remove(USER, table.draft_id, (3, 7)) == 7
    assert await table.numbers() == [1, 2, 4, 5, 6, 8, 9]
    assert table.checked == [table.draft_id]
    await table.add(20)
    assert await table.sheets.remove(USER, table.draft_id, (9, 10)) == 6
    assert await table.numbers() == [1, 2, 4, 5, 6, 8]


async def test_one_number_too_many_and_nothing_is_removed(table: Table) -> None:
    with pytest.raises(UnknownPhotos) as refused:
        await table.sheets.remove(USER, table.draft_id, (1, 12, 10))
    assert refused.value.params == {"numbers": "10, 12", "count": 2}
    assert await table.numbers() == list(range(1, 10))


async def test_of_very_many_wrong_numbers_a_few_are_named(table: Table) -> None:
    with pytest.raises(UnknownPhotos) as refused:
        await table.sheets.remove(USER, table.draft_id, range(9000))
    assert str(refused.value.params["numbers"]).count(",") == NUMBERS_LISTED - 1
    assert str(refused.value.params["numbers"]).endswith("…")


async def test_a_stranger_neither_sees_nor_removes_anything(table: Table) -> None:
    for draft_id in (table.draft_id, "no such id"):
        with pytest.raises(NotFound):
            await table.sheets.photos(STRANGER, draft_id)
        with pytest.raises(NotFound):
            await table.sheets.remove(STRANGER, draft_id, (1,))
    assert len(await table.photos()) == 9


async def test_a_started_training_keeps_its_photos(table: Table) -> None:
    await start_draft(table.database, table.draft_id)
    with pytest.raises(StaleButton):
        await table.sheets.photos(USER, table.draft_id)
    with pytest.raises(StaleButton):
        await table.sheets.remove(USER, table.draft_id, (1,))
    assert len(await table.photos()) == 9


async def test_a_draft_without_photos_has_nothing_for_a_sheet(table: Table) -> None:
    await table.sheets.remove(USER, table.draft_id, range(1, 10))
    assert await table.sheets.photos(USER, table.draft_id) == []


async def test_the_sheet_shows_the_photos_and_grey_where_there_is_none(table: Table) -> None:
    await table.refuse(10, "gone")
    table.album.files["file-11"] = b"no photo"
    await table.refuse(11, "too_small")
    table.album.troubles["file-2"] = 1
    sheet = await table.drawn()
    assert sheet.size == (5 * 252 + 12, 3 * 252 + 12)
    shown = Image.open(io.BytesIO(table.album.files["file-1"])).getpixel((256, 256))
    assert middle(sheet, 0) == pytest.approx(shown, abs=16)
    for grey in (1, 9, 10):
        assert middle(sheet, grey) == pytest.approx(GREY, abs=6)
    assert "file-10" not in table.album.fetched, "there is nothing to see of it"


async def test_telegrams_own_thumbnail_is_fetched_where_there_is_one(table: Table) -> None:
    table.album.files["small"] = jpeg(200, side=300)
    await table.add(10, thumbnail_file_id="small")
    await table.drawn()
    assert "small" in table.album.fetched
    assert "file-10" not in table.album.fetched


async def test_of_very_many_photos_the_oldest_refused_ones_are_left_out(table: Table) -> None:
    for number in range(10, MAX_TILES + 15):
        await table.refuse(number, "gif")
    shown = [photo.number for photo in await table.sheets.photos(USER, table.draft_id)]
    assert len(shown) == MAX_TILES
    assert shown == [*range(1, 10), *range(24, MAX_TILES + 15)]
