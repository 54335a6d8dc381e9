"""The row of pictures that a user leafs through, on both databases."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from db.database import Database
from services.domain.clock import UTC
from services.domain.gallery import Step, Wanted
from services.domain.states import TrainingState
from tests.db.conftest import OTHER_USER, USER
from tests.db.rows import add, generation, model, training
from tests.values import a_picture

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL = Wanted(USER)


async def keep(
    database: Database,
    row_id: str,
    prompt: str = "portrait photo",
    *,
    model_id: str = "anna",
    hours: int = 0,
    pictures: int = 1,
    **changes: object,
) -> None:
    """Keep a generation with delivered pictures named `<row_id>-<position>`."""
    values = generation(row_id, model_id, prompt=prompt, created_at=START + timedelta(hours=hours))
    async with database.transaction() as tx:
        owner = await tx.models.get(model_id)
        assert owner is not None
        await tx.generations.record(values | {"user_id": owner.user_id})
        tx.pictures.add(
            a_picture(
                **{
                    "id": f"{row_id}-{position}",
                    "generation_id": row_id,
                    "position": position,
                    "url": "https://v3.fal.media/files/b/one.png",
                    "photo_file_id": f"photo-{row_id}-{position}",
                }
                | changes
            )
            for position in range(1, pictures + 1)
        )


@pytest.fixture
async def models(database: Database) -> None:
    """Two models of one user, and one of another."""
    async with database.transaction() as tx:
        for number, (name, owner) in enumerate(
            {"anna": USER, "ben": USER, "carl": OTHER_USER}.items()
        ):
            done = training(
                f"of-{name}",
                owner,
                state=TrainingState.COMPLETED,
                lora_url="https://lora",
                request_id="r",
            )
            await add(tx, done)
            await tx.flush()
            made = START + timedelta(days=number)
            await tx.models.add(model(name, f"of-{name}", owner, name=name, created_at=made))


async def row_of(database: Database, wanted: Wanted = ALL) -> list[str]:
    """Leaf from the newest picture through to it again; return the pictures' ids."""
    seen: list[str] = []
    async with database.transaction() as tx:
        shown = await tx.pictures.newest(wanted)
        while shown is not None and shown.picture.id not in seen:
            picture, made = shown.picture, shown.generation
            seen.append(picture.id)
            assert await tx.pictures.count(wanted, shown) == len(seen)
            older = await tx.pictures.seen_from(wanted, made, picture.position, Step.OLDER)
            assert older is not None
            back = await tx.pictures.seen_from(
                wanted, older.generation, older.picture.position, Step.NEWER
            )
            assert back is not None
            assert back.picture.id == picture.id
            shown = older
        assert await tx.pictures.count(wanted) == len(seen)
    assert not seen or (shown is not None and shown.picture.id == seen[0])
    return seen


@pytest.mark.usefixtures("models")
async def test_pictures_are_a_ring_newest_first(database: Database) -> None:
    assert await row_of(database) == []
    await keep(database, "old", hours=0)
    assert await row_of(database) == ["old-1"]
    await keep(database, "new", hours=2, pictures=3)
    await keep(database, "mid", hours=1, model_id="ben")
    # Made in the same moment: the order is any, but always the same.
    await keep(database, "mie", hours=1)
    assert await row_of(database) == ["new-3", "new-2", "new-1", "mie-1", "mid-1", "old-1"]


@pytest.mark.usefixtures("models")
async def test_only_the_users_own_delivered_pictures_are_in_it(database: Database) -> None:
    await keep(database, "mine")
    await keep(database, "other", model_id="carl")
    await keep(database, "flagged", is_flagged=True)
    await keep(database, "unsent", photo_file_id=None)
    assert await row_of(database) == ["mine-1"]
    assert await row_of(database, Wanted(OTHER_USER)) == ["other-1"]


@pytest.mark.usefixtures("models")
async def test_pictures_are_filtered_by_model_and_favourite(database: Database) -> None:
    await keep(database, "one", hours=1)
    await keep(database, "two", hours=2, model_id="ben")
    await keep(database, "three", hours=3, model_id="ben", is_favourite=True)
    assert await row_of(database, Wanted(USER, model_id="ben")) == ["three-1", "two-1"]
    assert await row_of(database, Wanted(USER, only_favourites=True)) == ["three-1"]
    assert await row_of(database, Wanted(USER, "anna", only_favourites=True)) == []
    async with database.transaction() as tx:
        shown = await tx.pictures.models_in(ALL)
        favourites = await tx.pictures.models_in(Wanted(USER, only_favourites=True))
    assert [model.id for model in shown] == ["ben", "anna"]
    assert [model.id for model in favourites] == ["ben"]


PROMPTS = {
    "sea": "Portrait by the SEA, sunset",
    "more": "Портрет у Синего МОРЯ",
    "sale": "100% wool_coat \\ sale",
    "plain": "100 woolxcoat",
}


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sea", ["sea"]),
        ("SUNSET portrait", ["sea"]),
        ("sunset winter", []),
        ("синего моря", ["more"]),
        ("ПОРТРЕТ", ["more"]),
        ("100%", ["sale"]),
        ("wool_coat", ["sale"]),
        ("\\", ["sale"]),
        ("/", []),
        ("woolxcoat", ["plain"]),
        ("  ", ["sea", "sale", "plain", "more"]),
    ],
)
async def test_words_are_looked_for_as_text_whatever_their_case(
    database: Database, words: str, found: Sequence[str]
) -> None:
    for row_id, prompt in PROMPTS.items():
        await keep(database, row_id, prompt)
    assert await row_of(database, Wanted(USER, words=words)) == [f"{one}-1" for one in found]


@pytest.mark.usefixtures("models")
async def test_from_a_place_that_is_empty_the_neighbour_is_seen(database: Database) -> None:
    for number, row_id in enumerate(["old", "mid", "new"]):
        await keep(database, row_id, hours=number)
    async with database.transaction() as tx:
        made = await tx.generations.read("mid")
        gone = await tx.pictures.at("mid", 1)
        assert made is not None
        assert gone is not None
        await tx.pictures.remove(gone.id)
        await tx.flush()
        assert await tx.pictures.at("mid", 1) is None
        seen = {}
        for step in Step:
            shown = await tx.pictures.seen_from(ALL, made, 1, step)
            assert shown is not None
            seen[step] = shown.picture.id
        assert seen == {Step.HERE: "old-1", Step.OLDER: "old-1", Step.NEWER: "new-1"}
        last = await tx.pictures.at("old", 1)
        assert last is not None
        await tx.pictures.remove(last.id)
        shown = await tx.pictures.seen_from(ALL, made, 1, Step.HERE)
        assert shown is not None
        assert shown.picture.id == "new-1"


async def test_the_same_words_of_a_user_are_one_search(database: Database) -> None:
    async with database.transaction() as tx:
        first = await tx.searches.keep("one", USER, "sea")
        again = await tx.searches.keep("two", USER, "sea")
        others = await tx.searches.keep("three", OTHER_USER, "sea")
        assert (first.id, again.id, others.id) == ("one", "one", "three")
        assert await tx.searches.get("two") is None
        await tx.users.remove(USER)
        await tx.flush()
    async with database.transaction() as tx:
        assert await tx.searches.get("one") is None
        assert await tx.searches.get("three") is not None
