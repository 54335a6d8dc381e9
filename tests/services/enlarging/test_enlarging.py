"""What becomes of a press of Enlarge: paid once, belonging to its picture, gone with it."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from db.database import Database
from services.domain.clock import now
from services.domain.credits import OrderState
from services.domain.states import EnlargementState
from services.domain.values import Charge, Enlargement, Picture, Place
from services.domain.vocabulary import FailureReason, PictureSize
from services.enlarging.service import EnlargingService
from services.enlarging.views import EnlargementViews
from services.errors import (
    BudgetSpent,
    CreditsMissing,
    DailyImagesReached,
    NotFound,
    PriceChanged,
    StaleButton,
)
from services.fal.client import FalClient
from services.fal.enlargers import CRYSTAL, SEEDVR
from services.models.service import ModelService
from services.money.limits import Ledger, SpendingLimits
from services.money.prices import PriceList
from services.money.sales import Sales
from services.money.star_prices import StarPrices, StarRates, Tariff
from services.pictures.service import PictureService
from tests.services.jobs.paying import HAS, PRICE, assert_paid, pay_in
from tests.services.kit import (
    STRANGER,
    USER,
    keep_model,
    keep_result,
    meet,
    pressed,
    wide_ledger,
)

PRICES = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
PLACE = Place(USER)


@dataclass
class Desk:
    """The service over a real database, with what it has had carried."""

    database: Database
    ledger: Ledger = field(default_factory=wide_ledger)
    carried: list[str] = field(default_factory=list)
    sales: Sales = field(default_factory=Sales)

    def service(self, enlarger: str = SEEDVR) -> EnlargingService:
        carry = self.carried.append
        return EnlargingService(self.database, PRICES, self.ledger, carry, enlarger, self.sales)

    async def picture(self) -> Picture:
        model = await keep_model(self.database, "https://lora")
        result = await keep_result(self.database, model, "https://picture", announced_at=now())
        async with self.database.transaction() as tx:
            (picture,) = await tx.pictures.all_of(result.id)
        return picture

    async def press(self, picture: Picture, user_id: int = USER) -> Enlargement:
        return await self.service().enlarge(user_id, PLACE, picture.id, pressed())

    async def charge(self, enlargement: Enlargement) -> Charge | None:
        async with self.database.transaction() as tx:
            return await tx.charges.get(enlargement.id)

    async def ends(self, enlargement: Enlargement, failure: FailureReason | None = None) -> None:
        async with self.database.transaction() as tx:
            row = await tx.enlargements.lock(enlargement.id)
            assert row is not None
            for state in (EnlargementState.SUBMITTING, EnlargementState.QUEUED):
                row.state = state
            row.failure, row.url = failure, None if failure else "https://larger"
            row.state = EnlargementState.FAILED if failure else EnlargementState.MADE
        async with self.database.transaction() as tx:
            await tx.enlargements.note_told(enlargement.id)


@pytest.fixture
async def desk(database: Database) -> Desk:
    await meet(database, USER, STRANGER)
    return Desk(database)


@pytest.fixture
async def till(desk: Desk) -> Desk:
    """A desk where it costs 12 Stars."""
    tariff = Tariff(enlarging={SEEDVR: {PictureSize.STANDARD: PRICE}})
    desk.sales = Sales(StarPrices(PRICES, StarRates(), tariff, 1))
    return desk


@pytest.mark.parametrize(
    ("enlarger", "usd"), [(SEEDVR, Decimal("0.003")), (CRYSTAL, Decimal("0.048"))]
)
async def test_the_price_counts_the_megapixels_that_come_out(
    desk: Desk, enlarger: str, usd: Decimal
) -> None:
    picture = await desk.picture()
    service = desk.service(enlarger)
    offer = await service.offer(USER, picture.generation_id)
    # 768x1024 becomes 1536x2048: three megapixels of 1024x1024.
    assert offer is not None
    assert (offer.factor, offer.price_usd) == (2, usd)
    made = await service.enlarge(USER, PLACE, picture.id, pressed())
    charge = await desk.charge(made)
    assert charge is not None
    assert (made.price_usd, charge.usd, charge.amount) == (usd, usd, 1)


async def test_presses_while_it_is_made_pay_once(desk: Desk) -> None:
    picture = await desk.picture()
    first, second = await desk.press(picture), await desk.press(picture)
    assert first.id == second.id
    assert set(desk.carried) == {first.id}


async def test_what_is_there_is_sent_again_and_not_paid_again(desk: Desk) -> None:
    picture = await desk.picture()
    made = await desk.press(picture)
    await desk.ends(made)
    assert (await desk.press(picture)).id == made.id
    async with desk.database.transaction() as tx:
        assert await tx.enlargements.unfinished() == [made.id]


async def test_after_a_failure_another_press_tries_anew_and_the_same_press_does_not(
    desk: Desk,
) -> None:
    picture, press = await desk.picture(), pressed()
    service = desk.service()
    first = await service.enlarge(USER, PLACE, picture.id, press)
    await desk.ends(first, FailureReason.GENERATOR_FAILED)
    assert (await service.enlarge(USER, PLACE, picture.id, press)).id == first.id
    assert (await desk.press(picture)).id != first.id


async def test_the_picture_of_another_user_is_not_found(desk: Desk) -> None:
    picture = await desk.picture()
    with pytest.raises(NotFound):
        await desk.press(picture, STRANGER)
    with pytest.raises(NotFound):
        await desk.service().offer(STRANGER, picture.generation_id)


async def test_without_an_enlarger_nothing_is_offered(desk: Desk) -> None:
    picture = await desk.picture()
    assert await desk.service("").offer(USER, picture.generation_id) is None
    with pytest.raises(StaleButton):
        await desk.service("").enlarge(USER, PLACE, picture.id, pressed())


@pytest.mark.parametrize(
    ("limits", "error"),
    [
        (SpendingLimits(daily_images=0), DailyImagesReached),
        (SpendingLimits(daily_budget_usd=Decimal("0.002")), BudgetSpent),
    ],
)
async def test_a_limit_refuses_it_and_leaves_nothing(
    desk: Desk, limits: SpendingLimits, error: type[Exception]
) -> None:
    picture = await desk.picture()
    desk.ledger = Ledger(limits)
    with pytest.raises(error):
        await desk.press(picture)
    async with desk.database.transaction() as tx:
        assert await tx.enlargements.unfinished() == []


async def test_full_size_finds_what_has_worked_out(desk: Desk) -> None:
    picture = await desk.picture()
    pictures = PictureService(desk.database, FalClient("a:b"))
    assert await pictures.larger(picture.id) is None
    made = await desk.press(picture)
    assert await pictures.larger(picture.id) is None
    await desk.ends(made)
    larger = await pictures.larger(picture.id)
    assert larger is not None
    assert (larger.id, larger.url) == (made.id, "https://larger")
    await pictures.keep_document(larger, "document")
    larger = await pictures.larger(picture.id)
    assert larger is not None
    assert larger.document_file_id == "document"


async def test_with_its_picture_goes_the_larger_one_and_what_was_not_sent_costs_nothing(
    desk: Desk,
) -> None:
    picture = await desk.picture()
    made = await desk.press(picture)
    await PictureService(desk.database, FalClient("a:b")).delete(USER, picture.id)
    async with desk.database.transaction() as tx:
        assert await tx.enlargements.read(made.id) is None
    charge = await desk.charge(made)
    assert charge is not None
    assert charge.released_at is not None


async def test_deleting_a_model_stops_what_fal_is_enlarging(desk: Desk) -> None:
    picture = await desk.picture()
    made = await desk.press(picture)
    async with desk.database.transaction() as tx:
        await tx.enlargements.note_source(made.id, "https://picture")
        row = await tx.enlargements.lock(made.id)
        assert row is not None
        row.state, row.submit_started_at = EnlargementState.SUBMITTING, row.created_at
        generation = await tx.generations.get(picture.generation_id)
    assert generation is not None
    assert generation.model_id is not None
    ordered: list[str] = []
    models = ModelService(desk.database, desk.ledger, ordered.append)
    _, _, receipt = await models.delete(USER, generation.model_id, PLACE)
    assert receipt.under_way == 1
    async with desk.database.transaction() as tx:
        (job,) = await tx.deletions.open_jobs(ordered[0])
    assert (job.id, job.endpoint, list(job.marks)) == (made.id, SEEDVR, ["https://picture"])


async def test_the_price_on_the_button_is_held_once(till: Desk) -> None:
    picture = await till.picture()
    await pay_in(till.database)
    offer = await till.service().offer(USER, picture.generation_id)
    assert offer is not None
    assert offer.stars == PRICE
    first, second = await till.press(picture), await till.press(picture)
    assert first.id == second.id
    async with till.database.transaction() as tx:
        order = await tx.orders.get(first.id)
        wallet = await tx.wallets.find(USER)
        assert await tx.invariants.broken() == {}
    assert order is not None
    assert (order.price, order.state) == (PRICE, OrderState.HELD)
    assert wallet is not None
    assert (wallet.paid, wallet.held) == (HAS - PRICE, PRICE)
    view = await EnlargementViews(till.database).enlargement(first.id)
    assert view is not None
    assert view.stars_back == 0


async def test_a_price_that_is_held_for_an_enlargement_that_has_ended_is_noticed(
    till: Desk,
) -> None:
    picture = await till.picture()
    await pay_in(till.database)
    made = await till.press(picture)
    await till.ends(made)
    async with till.database.transaction() as tx:
        broken = await tx.invariants.broken()
    assert broken == {"an order is held as long as its job is under way": [made.id]}


async def test_who_has_too_little_gets_the_picture_enlarged_once_it_is_paid(till: Desk) -> None:
    picture = await till.picture()
    with pytest.raises(CreditsMissing) as missing:
        await till.press(picture)
    request = missing.value.request
    assert request is not None
    assert till.carried == []
    with pytest.raises(CreditsMissing):
        await till.service().go_on(USER, request)
    await pay_in(till.database)
    for _ in range(2):
        await till.service().go_on(USER, request)
    (made,) = set(till.carried)
    async with till.database.transaction() as tx:
        order = await tx.orders.get(made)
    assert order is not None
    assert order.price == PRICE


async def test_what_has_another_price_by_now_is_not_ordered(till: Desk) -> None:
    picture = await till.picture()
    with pytest.raises(CreditsMissing) as missing:
        await till.press(picture)
    await pay_in(till.database)
    with pytest.raises(PriceChanged) as changed:
        await till.service().go_on(USER, {**(missing.value.request or {}), "stars": PRICE - 1})
    assert changed.value.params == {"price": PRICE}
    with pytest.raises(StaleButton):
        await till.service("").go_on(USER, missing.value.request or {})
    assert till.carried == []


async def test_a_deleted_picture_gives_back_what_its_enlargement_holds(till: Desk) -> None:
    picture = await till.picture()
    await pay_in(till.database)
    made = await till.press(picture)
    await PictureService(till.database, FalClient("a:b")).delete(USER, picture.id)
    await assert_paid(till.database, made.id, delivered=0)
