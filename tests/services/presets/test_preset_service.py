"""Presets are offered for the active model, and asked for once a press."""

import asyncio
from collections.abc import Sequence
from decimal import Decimal

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.values import Generation, Place
from services.domain.vocabulary import PictureShape, Subject
from services.errors import BudgetSpent, DailyImagesReached, NoModelYet, PresetGone
from services.fal.client import FalClient
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.presets.file import load_presets
from services.presets.service import PresetService
from services.rules import TrainingRules
from tests.services.kit import STRANGER, USER, keep_model, meet, pressed, wide_ledger

CATALOGUE = load_presets("")
NOIR = CATALOGUE.preset("noir")
PACK = CATALOGUE.pack("round-the-world")
MESSAGE = 2**31
IMAGE_USD = Decimal("0.035")


def service(database: Database, ledger: Ledger | None = None) -> PresetService:
    prices = PriceList(FalClient("a:b"), Decimal("2.00"), IMAGE_USD)
    ordering = Ordering(prices, ledger or wide_ledger())
    generations = GenerationService(database, ordering, lambda _: None)
    return PresetService(CATALOGUE, database, TrainingRules(), prices, generations)


@pytest.fixture
async def presets(database: Database) -> PresetService:
    await meet(database, USER, STRANGER)
    return service(database)


async def asked(database: Database) -> Sequence[Generation]:
    async with database.transaction() as tx:
        return await tx.generations.of_button(USER, "")


async def all_are_there(database: Database) -> None:
    async with database.transaction() as tx:
        for generation in await tx.generations.of_button(USER, ""):
            row = await tx.generations.lock(generation.id)
            assert row is not None
            row.announced_at = now()


async def test_without_a_model_presets_are_shown_but_not_made(
    database: Database, presets: PresetService
) -> None:
    front = await presets.front_page(USER)
    assert front.categories == CATALOGUE.categories
    assert (front.surprise_usd, front.has_packs) == (IMAGE_USD, True)
    offer = await presets.offer(USER, NOIR.id)
    assert (offer.preset, offer.model, offer.usd) == (NOIR, None, IMAGE_USD)
    for order in (
        presets.create(USER, Place(USER), NOIR.id, pressed(MESSAGE)),
        presets.create_pack(USER, Place(USER), PACK.id, pressed(MESSAGE)),
        presets.surprise(USER, Place(USER), pressed(MESSAGE)),
    ):
        with pytest.raises(NoModelYet):
            await order
    assert await asked(database) == []


async def test_an_offer_is_what_is_asked_for_then(
    database: Database, presets: PresetService
) -> None:
    model = await keep_model(database, "https://one")
    async with database.transaction() as tx:
        await tx.users.choose_options(
            USER, shape=PictureShape.TALL, picture_count=4, lora_scale=1.2, kept_seed=7
        )
    offer = await presets.offer(USER, NOIR.id)
    assert offer.model is not None
    assert offer.model.id == model.id
    await presets.create(USER, Place(USER), NOIR.id, pressed(MESSAGE))
    (made,) = await asked(database)
    assert made.price_usd == offer.usd
    assert made.prompt == NOIR.prompt_of(Subject.WOMAN)
    # The shape is the preset's and the strength the user's; the rest of the panel is not heeded.
    assert (made.shape, made.lora_scale, made.picture_count) == (NOIR.shape, 1.2, 1)
    assert made.seed != 7


async def test_a_press_asks_once_until_the_picture_is_there(
    database: Database, presets: PresetService
) -> None:
    await keep_model(database, "https://one")
    await asyncio.gather(
        *(presets.create(USER, Place(USER), NOIR.id, pressed(MESSAGE)) for _ in range(4))
    )
    assert len(await asked(database)) == 1
    await presets.create(USER, Place(USER), "western", pressed(MESSAGE))
    assert len(await asked(database)) == 2
    await all_are_there(database)
    await presets.create(USER, Place(USER), NOIR.id, pressed(MESSAGE))
    assert len(await asked(database)) == 3


async def test_a_surprise_is_any_preset_once(database: Database, presets: PresetService) -> None:
    await keep_model(database, "https://one")
    await asyncio.gather(
        *(presets.surprise(USER, Place(USER), pressed(MESSAGE)) for _ in range(4))
    )
    (made,) = await asked(database)
    prompts = {preset.prompt_of(Subject.WOMAN): preset for preset in CATALOGUE.presets}
    assert made.shape == prompts[made.prompt].shape


async def test_a_pack_is_all_of_its_presets_once(
    database: Database, presets: PresetService
) -> None:
    await keep_model(database, "https://one")
    offers = {offer.pack.id: offer for offer in (await presets.packs(USER)).offers}
    assert set(offers) == {pack.id for pack in CATALOGUE.packs}
    await asyncio.gather(
        *(presets.create_pack(USER, Place(USER), PACK.id, pressed(MESSAGE)) for _ in range(4))
    )
    made = await asked(database)
    wanted = offers[PACK.id].presets
    assert {(one.prompt, one.shape) for one in made} == {
        (preset.prompt_of(Subject.WOMAN), preset.shape) for preset in wanted
    }
    assert len(made) == len(wanted) == 4
    assert offers[PACK.id].usd == sum(one.price_usd or 0 for one in made) == 4 * IMAGE_USD


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        (SpendingLimits(daily_images=3), DailyImagesReached),
        (SpendingLimits(daily_budget_usd=3 * IMAGE_USD), BudgetSpent),
    ],
)
async def test_a_pack_that_passes_a_limit_is_not_asked_for_at_all(
    database: Database, limits: SpendingLimits, refusal: type[Exception]
) -> None:
    await meet(database, USER)
    await keep_model(database, "https://one")
    presets = service(database, Ledger(limits))
    with pytest.raises(refusal):
        await presets.create_pack(USER, Place(USER), PACK.id, pressed(MESSAGE))
    assert await asked(database) == []
    await presets.create(USER, Place(USER), NOIR.id, pressed(MESSAGE))
    assert len(await asked(database)) == 1


async def test_what_is_not_in_the_file_any_more_is_gone(
    database: Database, presets: PresetService
) -> None:
    await keep_model(database, "https://one")
    with pytest.raises(PresetGone):
        presets.shelf("none")
    for order in (
        presets.offer(USER, "none"),
        presets.create(USER, Place(USER), "none", pressed(MESSAGE)),
        presets.create_pack(USER, Place(USER), "none", pressed(MESSAGE)),
    ):
        with pytest.raises(PresetGone):
            await order
    assert await asked(database) == []
