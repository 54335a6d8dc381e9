"""What was asked for before is asked for again, once a press."""

import asyncio
from decimal import Decimal

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.values import Place
from services.domain.vocabulary import PictureShape
from services.errors import NotFound
from services.fal.client import FalClient
from services.generation.options import PictureOptions
from services.generation.ordering import Ordering
from services.generation.repeating import RepeatService
from services.generation.service import GenerationService
from services.money.prices import PriceList
from tests.services.kit import STRANGER, USER, keep_model, meet, pressed, wide_ledger


class Counter:
    """The services and what they had carried."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.carried: list[str] = []
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        ordering = Ordering(prices, wide_ledger())
        self.generations = GenerationService(database, ordering, self.carried.append)
        self.repeats = RepeatService(database, ordering, self.carried.append)


@pytest.fixture
async def counter(database: Database) -> Counter:
    await meet(database, USER, STRANGER)
    return Counter(database)


async def test_a_variation_has_the_seed_and_choices_of_what_it_varies(counter: Counter) -> None:
    model = await keep_model(counter.database, "https://one")
    options = PictureOptions(PictureShape.TALL, count=2, lora_scale=0.8, seed=1_234_567_890)
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1", options)
    await keep_model(counter.database, "https://two")
    for _ in range(2):
        varied = await counter.repeats.vary(USER, Place(USER), first.id, "a queen", "message:1:2")
    assert counter.carried == [first.id, varied.id, varied.id]
    assert (varied.prompt, varied.model_id, varied.seed) == ("a queen", model.id, first.seed)
    assert (varied.shape, varied.picture_count, varied.lora_scale) == (PictureShape.TALL, 2, 0.8)
    line = "a pirate --ar 1:1 --seed 9"
    named = await counter.repeats.vary(USER, Place(USER), first.id, line, "message:1:4")
    assert (named.prompt, named.shape, named.seed) == ("a pirate", PictureShape.SQUARE, 9)
    assert (named.picture_count, named.lora_scale) == (2, 0.8)
    for user_id, generation_id in ((STRANGER, first.id), (USER, "nobody")):
        with pytest.raises(NotFound):
            await counter.repeats.vary(
                user_id, Place(USER), generation_id, "a king", "message:1:3"
            )


async def test_again_is_the_same_prompt_with_a_new_seed_once_a_picture(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
    presses = await asyncio.gather(
        *(counter.repeats.again(USER, Place(USER), first.id, pressed()) for _ in range(5))
    )
    ((second,), *_) = presses
    assert {one.id for press in presses for one in press} == {second.id}
    assert second.id != first.id
    assert (second.prompt, second.model_id) == ("a king", first.model_id)
    assert second.seed != first.seed
    async with counter.database.transaction() as tx:
        row = await tx.generations.lock(second.id)
        assert row is not None
        row.announced_at = now()
    press = pressed()
    (third,) = await counter.repeats.again(USER, Place(USER), first.id, press)
    assert third.id not in {first.id, second.id}
    async with counter.database.transaction() as tx:
        row = await tx.generations.lock(third.id)
        assert row is not None
        row.announced_at = now()
    # A press that a crash cut off may be handled again when its picture has come.
    assert [one.id for one in await counter.repeats.again(USER, Place(USER), first.id, press)] == [
        third.id
    ]


async def test_again_keeps_the_model_of_the_picture(counter: Counter) -> None:
    model = await keep_model(counter.database, "https://one")
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
    await keep_model(counter.database, "https://two")
    (again,) = await counter.repeats.again(USER, Place(USER), first.id, pressed())
    assert again.model_id == model.id


async def test_the_picture_of_another_user_is_not_found(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    await keep_model(counter.database, "https://two", STRANGER)
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
    with pytest.raises(NotFound):
        await counter.repeats.again(STRANGER, Place(STRANGER), first.id, pressed())
