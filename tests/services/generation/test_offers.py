"""A text out of nowhere is offered with its price; an edited prompt replaces the old one."""

from decimal import Decimal

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.values import Place
from services.errors import InvalidPrompt, NoModelYet, UnknownOption
from services.fal.client import FalClient
from services.generation.offers import PromptEdit, PromptOffers
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.money.prices import PriceList
from tests.services.kit import STRANGER, USER, keep_model, meet, wide_ledger

ORIGIN = "message:1:7"
PRICES = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))


@pytest.fixture
async def generations(database: Database) -> GenerationService:
    await meet(database, USER, STRANGER)
    await keep_model(database, "https://lora")
    return GenerationService(database, Ordering(PRICES, wide_ledger()), lambda _id: None)


@pytest.fixture
def offers(database: Database, generations: GenerationService) -> PromptOffers:
    return PromptOffers(database, Ordering(PRICES, wide_ledger()), generations)


async def test_an_offer_names_model_and_price_and_orders_nothing(
    offers: PromptOffers, database: Database
) -> None:
    offered = await offers.offer(USER, "a red hat -n 3")
    assert (offered.request.prompt, offered.model.name) == ("a red hat", "Anna")
    assert offered.price_usd == Decimal("0.105")
    async with database.transaction() as tx:
        assert await tx.generations.latest_of(USER) is None


async def test_what_could_not_be_made_is_not_offered(offers: PromptOffers) -> None:
    with pytest.raises(NoModelYet):
        await offers.offer(STRANGER, "a red hat")
    with pytest.raises(UnknownOption):
        await offers.offer(USER, "a red hat --colour red")
    with pytest.raises(InvalidPrompt):
        await offers.offer(USER, "x" * 901)


async def test_an_edited_prompt_replaces_one_that_has_not_left(
    offers: PromptOffers, generations: GenerationService, database: Database
) -> None:
    asked = await generations.generate(USER, Place(USER), "a red hat", ORIGIN)
    assert await offers.edit_prompt(USER, ORIGIN, "a blue hat") is PromptEdit.TAKEN
    async with database.transaction() as tx:
        row = await tx.generations.get(asked.id)
    assert row is not None
    assert row.prompt == "a blue hat"


async def test_an_edit_after_the_submit_or_with_another_price_comes_too_late(
    offers: PromptOffers, generations: GenerationService, database: Database
) -> None:
    asked = await generations.generate(USER, Place(USER), "a red hat", ORIGIN)
    late = PromptEdit.TOO_LATE
    assert await offers.edit_prompt(USER, ORIGIN, "a blue hat -n 4") is late
    async with database.transaction() as tx:
        row = await tx.generations.lock(asked.id)
        assert row is not None
        row.submit_started_at = now()
    assert await offers.edit_prompt(USER, ORIGIN, "a blue hat") is late
    async with database.transaction() as tx:
        row = await tx.generations.get(asked.id)
    assert row is not None
    assert (row.prompt, row.picture_count) == ("a red hat", 1)


async def test_an_edit_of_anything_else_is_nothing(
    offers: PromptOffers, generations: GenerationService
) -> None:
    await generations.generate(USER, Place(USER), "a red hat", ORIGIN)
    assert await offers.edit_prompt(USER, "message:1:8", "x") is PromptEdit.UNKNOWN
    assert await offers.edit_prompt(STRANGER, ORIGIN, "x") is PromptEdit.UNKNOWN
