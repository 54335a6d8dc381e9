"""Pictures are compared with the photos, once; the most alike first one decides the strength."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import pytest

from db.database import Database
from sandbox.portraits import draw_somebody_else
from services.domain.values import Measured, Model, Picture
from services.domain.vocabulary import Purpose, QualityMode
from services.errors import FalUnavailable
from services.photos.coach.resemblance import Resemblance, resemblance_of
from services.photos.worker import PhotoWorker
from services.training.coach import Coach
from services.training.comparing import Comparing
from tests.services.kit import FAST, USER, Album, keep_model, keep_result, photo_values
from tests.services.photos.coach.people import WOMAN, cat, jpeg, lit, portraits

PHOTOS = 5


@cache
def somebody_else() -> bytes:
    return draw_somebody_else(1)[0]


@dataclass
class Lab:
    """A model of the woman, and what its pictures show."""

    database: Database
    worker: PhotoWorker
    model: Model
    album: Album
    files: dict[str, bytes] = field(default_factory=dict)
    fetched: Counter[str] = field(default_factory=Counter)
    told: list[Measured] = field(default_factory=list)

    @property
    def comparing(self) -> Comparing:
        coach = Coach(self.database, self.album, self.worker)
        return Comparing(self.database, coach, self.fetch, self.told.append)

    async def fetch(self, picture: Picture) -> bytes:
        self.fetched[picture.url] += 1
        if picture.url not in self.files:
            raise FalUnavailable("503")
        return self.files[picture.url]

    async def made(self, *pictures: tuple[float, bytes | None]) -> str:
        """Keep a pack of first pictures, each with its strength; return the first one's id."""
        ids = []
        for number, (scale, data) in enumerate(pictures):
            url = f"https://{number}"
            if data is not None:
                self.files[url] = data
            row = await keep_result(
                self.database,
                self.model,
                url,
                purpose=Purpose.PREVIEW,
                lora_scale=scale,
                pack="preview:1",
                origin=f"preview:1:{number}",
            )
            ids.append(row.id)
        return ids[0]

    async def pictures(self) -> list[Picture]:
        async with self.database.transaction() as tx:
            made = await tx.generations.all_of(self.model.id)
            return [picture for one in made for picture in await tx.pictures.all_of(one.id)]

    async def kept(self) -> Model:
        async with self.database.transaction() as tx:
            model = await tx.models.get(self.model.id)
        assert model is not None
        return model


@pytest.fixture
async def lab(database: Database, coach_worker: PhotoWorker) -> Lab:
    model, album = await keep_model(database, "https://lora"), Album()
    async with database.transaction() as tx:
        for number in range(1, PHOTOS + 1):
            values = photo_values(model.training_id, number)
            data = album.files[str(values["file_id"])] = portraits(WOMAN)[number]
            values["sha256"] = hashlib.sha256(data).hexdigest()
            await tx.photos.record(values)
            if (await coach_worker.alike([str(values["sha256"])])).missing:
                # As the check of the draft does, so that the face is remembered.
                await coach_worker.look(data)
    return Lab(database, coach_worker, model, album)


async def test_the_most_alike_gives_the_model_its_strength(lab: Lab) -> None:
    woman = portraits(WOMAN)
    first = await lab.made((1.0, somebody_else()), (1.2, woman[0]), (0.8, jpeg(cat())))
    await lab.comparing.compare_first(first)
    stranger, alike, nobody = await lab.pictures()
    assert alike.likeness is not None
    assert stranger.likeness is not None
    assert resemblance_of(alike.likeness) is Resemblance.CLEAR
    assert resemblance_of(stranger.likeness) is Resemblance.STRANGER
    assert (nobody.has_face, nobody.likeness) == (False, None)
    model = await lab.kept()
    assert (model.likeness, model.lora_scale) == (alike.likeness, 1.2)
    assert lab.told == [Measured(FAST, QualityMode.ECONOMY, alike.likeness)]
    await lab.comparing.compare_first(first)
    assert set(lab.fetched.values()) == {1}
    assert len(lab.told) == 1


async def test_one_strength_alone_says_nothing_of_strengths(lab: Lab) -> None:
    await lab.comparing.compare_first(await lab.made((1.0, portraits(WOMAN)[0])))
    model = await lab.kept()
    assert model.likeness is not None
    assert model.lora_scale is None


async def test_a_strength_chosen_meanwhile_stays(lab: Lab) -> None:
    async with lab.database.transaction() as tx:
        await tx.models.choose_scale(lab.model.id, 0.7)
    woman = portraits(WOMAN)
    await lab.comparing.compare_first(await lab.made((1.0, woman[0]), (1.2, woman[6])))
    assert (await lab.kept()).lora_scale == 0.7


async def test_without_a_face_nothing_is_said_of_the_model(lab: Lab) -> None:
    black = jpeg(lit(cat(), 0))
    await lab.comparing.compare_first(await lab.made((1.0, jpeg(cat())), (1.2, black)))
    assert [picture.has_face for picture in await lab.pictures()] == [False, False]
    model = await lab.kept()
    assert (model.likeness, model.lora_scale, lab.told) == (None, None, [])


async def test_what_cannot_be_fetched_or_read_is_left_out(lab: Lab) -> None:
    first = await lab.made((1.0, None), (1.2, portraits(WOMAN)[0]), (0.8, b"no picture"))
    await lab.comparing.compare_first(first)
    assert [picture.has_face for picture in await lab.pictures()] == [None, True, None]
    assert (await lab.kept()).lora_scale is None


async def test_faces_are_looked_at_again_where_they_were_forgotten(lab: Lab) -> None:
    async with PhotoWorker(has_coach=True) as fresh:
        lab.worker = fresh
        await lab.comparing.compare_first(await lab.made((1.0, portraits(WOMAN)[0])))
    assert sorted(lab.album.fetched) == sorted(lab.album.files)
    assert (await lab.kept()).likeness is not None


async def test_too_few_photos_that_are_left_say_nothing(lab: Lab) -> None:
    for file_id in list(lab.album.files)[:2]:
        del lab.album.files[file_id]
    async with PhotoWorker(has_coach=True) as fresh:
        lab.worker = fresh
        await lab.comparing.compare_first(await lab.made((1.0, portraits(WOMAN)[0])))
    assert [picture.has_face for picture in await lab.pictures()] == [None]


async def test_without_the_coach_nothing_is_looked_at(lab: Lab) -> None:
    async with PhotoWorker() as blind:
        lab.worker = blind
        await lab.comparing.compare_first(await lab.made((1.0, portraits(WOMAN)[0])))
    assert (await lab.kept()).likeness is None


async def test_of_a_model_that_is_gone_nothing_is_compared(lab: Lab) -> None:
    first = await lab.made((1.0, portraits(WOMAN)[0]))
    async with lab.database.transaction() as tx:
        await tx.users.remove(USER)
    await lab.comparing.compare_first(first)
    assert lab.told == []


async def test_later_pictures_are_compared_once_and_decide_nothing(lab: Lab) -> None:
    first = await lab.made((1.0, portraits(WOMAN)[0]), (1.2, portraits(WOMAN)[6]))
    assert await lab.comparing.compare(first)
    assert all(picture.likeness is not None for picture in await lab.pictures())
    model = await lab.kept()
    assert (model.likeness, model.lora_scale, lab.told) == (None, None, [])
    assert not await lab.comparing.compare(first)
    assert set(lab.fetched.values()) == {1}
