"""Prompts in: what is asked for is recorded once, with the active model."""

import asyncio
from decimal import Decimal

import pytest

from db.database import Database
from services.domain.states import GenerationState
from services.domain.values import Place
from services.domain.vocabulary import PictureShape
from services.errors import InvalidPrompt, NoModelYet, StillTraining
from services.fal.client import FalClient
from services.generation.options import SEED_RANGE, PictureOptions, PictureRequest
from services.generation.ordering import MAX_PROMPT_LENGTH, Ordering
from services.generation.service import GenerationService
from services.money.prices import PriceList
from tests.services.kit import (
    STRANGER,
    USER,
    keep_model,
    meet,
    pressed,
    start_training,
    wide_ledger,
)


class Counter:
    """The service and what it had carried."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.carried: list[str] = []
        prices = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
        self.generations = GenerationService(
            database, Ordering(prices, wide_ledger()), self.carried.append
        )


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
    length = len(prompt) if "x" in prompt else 0
    assert refused.value.params == {"max": MAX_PROMPT_LENGTH, "length": length}
    assert counter.carried == []


async def test_without_a_model_there_is_nothing_to_generate_with(counter: Counter) -> None:
    with pytest.raises(NoModelYet):
        await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")


async def test_a_model_that_is_being_trained_is_named(counter: Counter) -> None:
    await start_training(counter.database)
    with pytest.raises(StillTraining) as refused:
        await counter.generations.generate(USER, Place(USER), "a king", "message:1:1")
    assert refused.value.params == {"name": "Anna"}
    await keep_model(counter.database, "https://one")
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
