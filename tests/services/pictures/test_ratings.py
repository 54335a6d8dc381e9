"""Ratings: the last one counts, and they are counted by what has made the picture."""

import pytest

from db.database import Database
from services.domain.values import Picture, Rating
from services.domain.vocabulary import Missing, QualityMode
from services.errors import NotFound, StaleButton
from services.pictures.ratings import RatingService
from tests.services.kit import FAST, STRANGER, USER, keep_model, keep_result, meet

TITLE = {"en": "Noir", "ru": "Нуар"}


async def picture_of(database: Database, *titles: dict[str, str] | None) -> list[Picture]:
    """Keep a picture for each title of a preset, or for none."""
    model = await keep_model(database, "https://lora")
    kept: list[Picture] = []
    for title in titles:
        result = await keep_result(database, model, "https://one", title=title)
        async with database.transaction() as tx:
            kept += await tx.pictures.all_of(result.id)
    return kept


async def test_they_are_counted_by_trainer_mode_and_preset(database: Database) -> None:
    told: list[Rating] = []
    ratings = RatingService(database, told.append)
    own, first, second = await picture_of(database, None, TITLE, TITLE)
    await ratings.rate(USER, own.id, is_good=True)
    await ratings.rate(USER, first.id, is_good=False)
    await ratings.note_missing(USER, first.id, Missing.HANDS)
    await ratings.rate(USER, second.id, is_good=False)
    report = await ratings.report()
    (by_trainer,) = report.by_trainer
    assert by_trainer.of == (FAST, told[0].mode.value)
    assert (by_trainer.good, by_trainer.bad) == (1, 2)
    assert by_trainer.missing == {Missing.HANDS: 1}
    (by_preset,) = report.by_preset
    assert (by_preset.of, by_preset.good, by_preset.bad) == (("Noir",), 0, 2)
    assert [(one.preset, one.is_good) for one in told] == [
        ("", True),
        ("Noir", False),
        ("Noir", False),
    ]
    assert {one.mode for one in told} <= set(QualityMode)


async def test_the_last_press_counts_and_the_same_one_counts_once(database: Database) -> None:
    told: list[Rating] = []
    ratings = RatingService(database, told.append)
    (picture,) = await picture_of(database, None)
    for is_good in (False, False, True):
        await ratings.rate(USER, picture.id, is_good=is_good)
    (count,) = (await ratings.report()).by_trainer
    assert (count.good, count.bad) == (1, 0)
    assert len(told) == 2
    with pytest.raises(StaleButton):
        await ratings.note_missing(USER, picture.id, Missing.FACE)


async def test_a_second_dislike_keeps_what_was_missing(database: Database) -> None:
    ratings = RatingService(database)
    (picture,) = await picture_of(database, None)
    await ratings.rate(USER, picture.id, is_good=False)
    await ratings.note_missing(USER, picture.id, Missing.LIGHT)
    await ratings.rate(USER, picture.id, is_good=False)
    (count,) = (await ratings.report()).by_trainer
    assert count.missing == {Missing.LIGHT: 1}


async def test_pictures_of_others_are_not_rated(database: Database) -> None:
    ratings = RatingService(database)
    await meet(database, STRANGER)
    (picture,) = await picture_of(database, None)
    with pytest.raises(NotFound):
        await ratings.rate(STRANGER, picture.id, is_good=True)
    await ratings.rate(USER, picture.id, is_good=False)
    with pytest.raises(NotFound):
        await ratings.note_missing(STRANGER, picture.id, Missing.FACE)


async def test_with_its_picture_a_rating_goes(database: Database) -> None:
    ratings = RatingService(database)
    (picture,) = await picture_of(database, None)
    await ratings.rate(USER, picture.id, is_good=True)
    async with database.transaction() as tx:
        await tx.pictures.remove(picture.id)
    assert (await ratings.report()).by_trainer == []
