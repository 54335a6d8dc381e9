"""Prompts in: what is asked for is recorded once, with the active model."""

import asyncio
from decimal import Decimal

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.states import GenerationState
from services.domain.values import Place
from services.domain.vocabulary import PictureShape
from services.errors import InvalidPrompt, NoModelYet, NotFound
from services.fal.client import FalClient
from services.generation.options import SEED_RANGE, PictureOptions, PictureRequest
from services.generation.ordering import MAX_PROMPT_LENGTH
from services.generation.service import GenerationService
from services.money.prices import PriceList
from tests.services.kit import STRANGER, USER, keep_model, meet, pressed, wide_ledger


class Counter:
    """The service and what it had carried."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.carried: list[str] = []
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        self.generations = GenerationService(database, prices, self.carried.append, wide_ledger())


@pytest.fixture
async def counter(database: Database) -> Counter:
    await meet(database, USER, STRANGER)
    return Counter(database)


async def test_a_prompt_is_recorded_for_the_active_model(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    model = await keep_model(counter.database, "https://two")
    made = await counter.generations.generate(
        USER, Place(USER), "  portrait photo ", "message:1:1"
    )
    assert (made.model_id, made.prompt) == (model.id, "portrait photo")
    assert (made.state, made.price_usd) == (GenerationState.ACCEPTED, Decimal("0.035"))
    assert SEED_RANGE[0] <= made.seed < SEED_RANGE[1]
    assert counter.carried == [made.id]


@pytest.mark.parametrize(
    "prompt", ["", "   ", "\n", "\u200b", "\u202e\u2800", "x" * (MAX_PROMPT_LENGTH + 1)]
)
async def test_a_prompt_is_refused(counter: Counter, prompt: str) -> None:
    await keep_model(counter.database, "https://one")
    with pytest.raises(InvalidPrompt) as refused:
        await counter.generations.generate(USER, Place(USER), prompt, "message:1:1")
    assert refused.value.params == {"max": MAX_PROMPT_LENGTH}
    assert counter.carried == []


async def test_without_a_model_there_is_nothing_to_generate_with(counter: Counter) -> None:
    with pytest.raises(NoModelYet):
        await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")


async def test_an_update_delivered_twice_is_one_generation(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    made = await asyncio.gather(
        *(
            counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
            for _ in range(5)
        )
    )
    assert len({generation.id for generation in made}) == 1
    other = await counter.generations.generate(USER, Place(USER), "a king", "message:1:2")
    assert other.id != made[0].id


async def test_a_variation_has_the_seed_and_choices_of_what_it_varies(counter: Counter) -> None:
    model = await keep_model(counter.database, "https://one")
    options = PictureOptions(PictureShape.TALL, count=2, lora_scale=0.8, seed=1_234_567_890)
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1", options)
    await keep_model(counter.database, "https://two")
    for _ in range(2):
        varied = await counter.generations.vary(
            USER, Place(USER), first.id, "a queen", "message:1:2"
        )
    assert counter.carried == [first.id, varied.id, varied.id]
    assert (varied.prompt, varied.model_id, varied.seed) == ("a queen", model.id, first.seed)
    assert (varied.shape, varied.picture_count, varied.lora_scale) == (PictureShape.TALL, 2, 0.8)
    line = "a pirate --ar 1:1 --seed 9"
    named = await counter.generations.vary(USER, Place(USER), first.id, line, "message:1:4")
    assert (named.prompt, named.shape, named.seed) == ("a pirate", PictureShape.SQUARE, 9)
    assert (named.picture_count, named.lora_scale) == (2, 0.8)
    for user_id, generation_id in ((STRANGER, first.id), (USER, "nobody")):
        with pytest.raises(NotFound):
            await counter.generations.vary(
                user_id, Place(USER), generation_id, "a king", "message:1:3"
            )


async def test_again_is_the_same_prompt_with_a_new_seed_once_a_picture(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
    presses = await asyncio.gather(
        *(counter.generations.again(USER, Place(USER), first.id, pressed()) for _ in range(5))
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
    (third,) = await counter.generations.again(USER, Place(USER), first.id, press)
    assert third.id not in {first.id, second.id}
    async with counter.database.transaction() as tx:
        row = await tx.generations.lock(third.id)
        assert row is not None
        row.announced_at = now()
    # A press that a crash cut off may be handled again when its picture has come.
    assert [
        one.id for one in await counter.generations.again(USER, Place(USER), first.id, press)
    ] == [third.id]


async def test_a_button_for_several_pictures_asks_for_all_of_them_once(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    tall = PictureOptions(PictureShape.TALL, count=2, lora_scale=0.8, seed=7)
    pack = [PictureRequest("a king", tall), PictureRequest("a pirate", PictureOptions())]
    presses = await asyncio.gather(
        *(
            counter.generations.press(USER, Place(USER), "pack:1", pressed(), pack)
            for _ in range(5)
        )
    )
    assert {tuple(made.id for made in press) for press in presses} == {
        tuple(made.id for made in presses[0])
    }
    king, pirate = presses[0]
    assert (king.shape, king.picture_count, king.lora_scale, king.seed) == (
        PictureShape.TALL,
        2,
        0.8,
        7,
    )
    assert king.price_usd == Decimal("0.070")
    assert pirate.prompt == "a pirate"


async def test_a_button_with_one_bad_prompt_asks_for_nothing(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    pack = [PictureRequest(prompt, PictureOptions()) for prompt in ("a king", " ")]
    with pytest.raises(InvalidPrompt):
        await counter.generations.press(USER, Place(USER), "pack:1", pressed(), pack)
    async with counter.database.transaction() as tx:
        assert await tx.generations.of_button(USER, "pack:1:") == []


async def test_again_keeps_the_model_of_the_picture(counter: Counter) -> None:
    model = await keep_model(counter.database, "https://one")
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
    await keep_model(counter.database, "https://two")
    (again,) = await counter.generations.again(USER, Place(USER), first.id, pressed())
    assert again.model_id == model.id


async def test_the_picture_of_another_user_is_not_found(counter: Counter) -> None:
    await keep_model(counter.database, "https://one")
    await keep_model(counter.database, "https://two", STRANGER)
    first = await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
    with pytest.raises(NotFound):
        await counter.generations.again(STRANGER, Place(STRANGER), first.id, pressed())
