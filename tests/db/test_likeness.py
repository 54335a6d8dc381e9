"""The likeness of models and the ratings of pictures are counted alike on both databases."""

from db.database import Database
from services.domain.values import LikenessCount, Rating
from services.domain.vocabulary import QualityMode
from tests.services.kit import FAST, USER, keep_model, keep_result


async def test_likeness_is_counted_by_trainer_and_mode(database: Database) -> None:
    for percent in (87, 30, None):
        model = await keep_model(database, "https://lora")
        if percent is not None:
            async with database.transaction() as tx:
                assert await tx.models.note_likeness(model.id, percent, 1.2)
                assert not await tx.models.note_likeness(model.id, 1, 0.8)
    async with database.transaction() as tx:
        counted = await tx.models.likeness_by_trainer(50)
        kept = await tx.models.all_of(USER)
    assert counted == [LikenessCount(FAST, QualityMode.ECONOMY, 2, 58, 1)]
    assert sorted(str(model.likeness) for model in kept) == ["30", "87", "None"]
    assert {model.lora_scale for model in kept} == {None, 1.2}


async def test_ratings_are_counted_by_trainer_and_mode(database: Database) -> None:
    result = await keep_result(database, await keep_model(database, "https://lora"), "https://one")
    async with database.transaction() as tx:
        (picture,) = await tx.pictures.all_of(result.id)
        rating = Rating(
            picture_id=picture.id,
            user_id=USER,
            is_good=False,
            trainer=FAST,
            mode=QualityMode.ECONOMY,
        )
        await tx.ratings.put(rating)
    async with database.transaction() as tx:
        (count,) = await tx.ratings.by_trainer()
    assert (count.of, count.good, count.bad) == ((FAST, "economy"), 0, 1)
