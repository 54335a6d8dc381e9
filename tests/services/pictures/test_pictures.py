"""Single pictures: their owner likes them, puts them on a card, has them in full size."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from db import tables
from db.database import Database
from services.domain.values import Likeness, Model, Picture
from services.domain.vocabulary import DeliveryProblem, Purpose
from services.errors import NotFound, PictureOnItsWay
from services.fal.client import FalClient
from services.pictures.service import PictureService, Sent
from tests.services.fal.local_fal import LocalFal
from tests.services.kit import STRANGER, USER, keep_model, keep_result, meet
from tests.values import set_columns


class Shelf:
    """The service, and a look at the rows behind it."""

    def __init__(self, database: Database, fal: FalClient, model: Model) -> None:
        self.database, self.model = database, model
        self.pictures = PictureService(database, fal)

    async def result(self, count: int = 2, *, purpose: Purpose = Purpose.ASKED) -> list[Picture]:
        urls = [f"https://v3.fal.media/files/b/{number}.png" for number in range(count)]
        generation = await keep_result(self.database, self.model, *urls, purpose=purpose)
        return list(await self.rows(generation.id))

    async def rows(self, generation_id: str) -> Sequence[Picture]:
        async with self.database.transaction() as tx:
            return await tx.pictures.all_of(generation_id)

    async def row(self, picture: Picture) -> Picture | None:
        async with self.database.transaction() as tx:
            return await tx.pictures.get(picture.id)

    async def cover(self) -> str | None:
        async with self.database.transaction() as tx:
            model = await tx.models.get(self.model.id)
        assert model is not None
        return model.cover_file_id

    async def measured(self, picture: Picture, percent: int | None) -> None:
        async with self.database.transaction() as tx:
            await tx.pictures.note_likeness(picture.id, Likeness(percent))

    async def deliver(self, *pictures: Picture) -> None:
        ids = {picture.id: Sent(f"photo-{picture.position}") for picture in pictures}
        await self.pictures.note_sent(ids)


@pytest.fixture
async def shelf(database: Database, fal: FalClient) -> Shelf:
    await meet(database, USER, STRANGER)
    return Shelf(database, fal, await keep_model(database, "https://lora"))


async def test_a_favourite_stays_one_however_often_it_is_pressed(shelf: Shelf) -> None:
    first, second = await shelf.result()
    for _ in range(2):
        result = await shelf.pictures.set_favourite(USER, first.id, is_favourite=True)
        assert [picture.is_favourite for picture in result.pictures] == [True, False]
    result = await shelf.pictures.set_favourite(USER, first.id, is_favourite=False)
    assert not any(picture.is_favourite for picture in result.pictures)
    assert result.pictures[1].id == second.id


async def test_a_cover_is_the_delivered_photo_of_the_model_it_shows(shelf: Shelf) -> None:
    first, second = await shelf.result()
    with pytest.raises(NotFound):
        await shelf.pictures.make_cover(USER, second.id)
    await shelf.deliver(first, second)
    result = await shelf.pictures.make_cover(USER, second.id)
    assert result.model is not None
    assert result.model.cover_file_id == await shelf.cover() == "photo-2"


async def test_a_deleted_picture_is_gone_and_leaves_the_card(shelf: Shelf) -> None:
    first, second = await shelf.result()
    await shelf.deliver(first, second)
    await shelf.pictures.make_cover(USER, first.id)
    with pytest.raises(PictureOnItsWay):
        await shelf.pictures.delete(USER, second.id)
    async with shelf.database.transaction() as tx:
        await tx.generations.note_told(first.generation_id)
    await shelf.pictures.delete(USER, second.id)
    assert await shelf.cover() == "photo-1"
    await shelf.pictures.delete(USER, first.id)
    assert await shelf.cover() is None
    assert await shelf.rows(first.generation_id) == []


async def test_nobody_reaches_anothers_pictures(shelf: Shelf) -> None:
    picture, _ = await shelf.result()
    await shelf.deliver(picture)
    pictures, nobodys = shelf.pictures, "nobody"
    for user_id, picture_id in ((STRANGER, picture.id), (USER, nobodys)):
        with pytest.raises(NotFound):
            await pictures.own(user_id, picture_id)
        with pytest.raises(NotFound):
            await pictures.set_favourite(user_id, picture_id, is_favourite=True)
        with pytest.raises(NotFound):
            await pictures.make_cover(user_id, picture_id)
        with pytest.raises(NotFound):
            await pictures.delete(user_id, picture_id)
    for user_id, generation_id in ((STRANGER, picture.generation_id), (USER, nobodys)):
        with pytest.raises(NotFound):
            await pictures.result(user_id, generation_id)
    assert not (await pictures.own(USER, picture.id)).is_favourite
    assert await shelf.cover() is None


async def test_a_picture_that_was_held_back_cannot_be_reached(shelf: Shelf) -> None:
    first, second = await shelf.result()
    await set_columns(shelf.database, tables.Picture, first.id, is_flagged=True)
    with pytest.raises(NotFound):
        await shelf.pictures.own(USER, first.id)
    result = await shelf.pictures.result(USER, first.generation_id)
    assert [picture.id for picture in result.pictures] == [second.id]


async def test_telegrams_ids_are_kept(shelf: Shelf) -> None:
    first, second = await shelf.result()
    await shelf.deliver(first, second)
    await shelf.pictures.keep_document(first, "document")
    one, other = await shelf.rows(first.generation_id)
    assert (one.photo_file_id, one.document_file_id) == ("photo-1", "document")
    assert (other.photo_file_id, other.document_file_id) == ("photo-2", None)
    await shelf.pictures.keep_document(replace(first, id="nobody"), "document")


async def test_a_first_picture_becomes_the_cover_and_never_takes_a_chosen_ones_place(
    shelf: Shelf,
) -> None:
    (asked,) = await shelf.result(1)
    await shelf.deliver(asked)
    assert await shelf.cover() is None
    first, second = await shelf.result(purpose=Purpose.PREVIEW)
    await shelf.deliver(first, second)
    assert await shelf.cover() == "photo-1"
    await shelf.pictures.make_cover(USER, second.id)
    await shelf.deliver(first, second)
    assert await shelf.cover() == "photo-2"


async def test_the_most_alike_first_picture_becomes_the_cover(shelf: Shelf) -> None:
    first, second, third = await shelf.result(3, purpose=Purpose.PREVIEW)
    await shelf.measured(first, 40)
    await shelf.measured(second, 87)
    await shelf.measured(third, None)
    await shelf.deliver(first)
    assert await shelf.cover() is None
    await shelf.deliver(third, second)
    assert await shelf.cover() == "photo-2"


async def test_where_the_most_alike_cannot_be_sent_the_next_becomes_the_cover(
    shelf: Shelf,
) -> None:
    first, second = await shelf.result(2, purpose=Purpose.PREVIEW)
    await shelf.measured(first, 40)
    await shelf.measured(second, 87)
    await shelf.deliver(first)
    await shelf.pictures.note_problem(second.id, DeliveryProblem.GONE)
    assert await shelf.cover() == "photo-1"


async def test_an_original_is_what_fal_keeps(shelf: Shelf, local_fal: LocalFal) -> None:
    url = local_fal.sandbox.fal_url + "/cdn/files/b/none/picture_0.png"
    local_fal.fault("/later.png", kind="status", status=503, times=0)
    later = local_fal.sandbox.fal_url + "/cdn/files/b/none/later.png"
    generation = await keep_result(shelf.database, shelf.model, url, later)
    gone, unreachable = await shelf.rows(generation.id)
    original = await shelf.pictures.original(gone)
    assert (original.data, original.is_gone) == (None, True)
    assert original.name == f"neurophoto-{gone.id}.png"
    original = await shelf.pictures.original(unreachable)
    assert (original.data, original.is_gone) == (None, False)
