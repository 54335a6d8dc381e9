"""A picture from a single photo: of which photo, in which style, and what the first one costs."""

from dataclasses import dataclass, field
from decimal import Decimal

import pytest

from db import tables
from db.database import Database
from services.domain.credits import OrderState
from services.domain.press import Press
from services.domain.states import GenerationState
from services.domain.values import Generation, Photo, Place
from services.domain.vocabulary import PhotoState, PictureShape, PictureSize
from services.editing.instant import OPENING, InstantService
from services.errors import ConsentChanged, CreditsMissing, DraftPhotoGone, PresetGone, StaleButton
from services.fal.client import FalClient
from services.fal.editors import FLUX_2_EDIT, NANO_BANANA_EDIT
from services.generation.ordering import Ordering
from services.money.credits import Credits
from services.money.prices import PriceList
from services.money.sales import Sales
from services.money.star_prices import StarPrices, StarRates, Tariff
from services.presets.file import load_presets
from tests.services.jobs.paying import PRICE, pay_in
from tests.services.kit import STRANGER, USER, begin_draft, meet, new_press, wide_ledger

PRICES = PriceList(FalClient("a:b"), Decimal(2), Decimal("0.035"))
PLACE = Place(USER)
CATALOGUE = load_presets("")
STYLE = CATALOGUE.presets[0]


@dataclass
class Desk:
    """The service over a real database, with a draft of three photos."""

    database: Database
    sales: Sales = field(default_factory=Sales)
    photos: list[Photo] = field(default_factory=list)
    gives_first: bool = False
    editors: tuple[str, ...] = (FLUX_2_EDIT,)

    def service(self) -> InstantService:
        ordering = Ordering(PRICES, wide_ledger(), sales=self.sales)
        return InstantService(
            self.database,
            ordering,
            lambda _: None,
            self.editors,
            CATALOGUE,
            gives_first=self.gives_first,
        )

    async def make(self, photo: Photo, style: str = STYLE.id, model: str = "") -> Generation:
        asked = (style, model)
        (made,) = await self.service().make(USER, PLACE, photo.id, asked, Press(new_press()))
        return made

    async def state(self, photo: Photo, state: PhotoState) -> None:
        async with self.database.transaction() as tx:
            row = await tx._session.get_one(tables.Photo, photo.id)
            row.state, row.sha256 = state, "0" * 64
            row.refusal = "blurred" if state is PhotoState.REFUSED else None


@pytest.fixture
async def desk(database: Database) -> Desk:
    await meet(database, USER, STRANGER)
    desk = Desk(database)
    draft = await begin_draft(database, photos=3)
    async with database.transaction() as tx:
        desk.photos = list(await tx.photos.all_of(draft.id))
    return desk


@pytest.fixture
def till(desk: Desk) -> Desk:
    """A desk where it costs 12 Stars."""
    tariff = Tariff(editing={FLUX_2_EDIT: {PictureSize.STANDARD: PRICE}})
    desk.sales = Sales(StarPrices(PRICES, StarRates(), tariff, 1))
    return desk


async def test_three_styles_are_offered_for_a_photo_that_was_checked(desk: Desk) -> None:
    for photo in desk.photos:
        await desk.state(photo, PhotoState.PENDING)
    await desk.state(desk.photos[0], PhotoState.REFUSED)
    await desk.state(desk.photos[2], PhotoState.ACCEPTED)
    offer = await desk.service().offer(USER)
    assert offer is not None
    assert offer.photo_id == desk.photos[2].id
    assert len({one.category for one in offer.styles}) == 3
    assert (offer.price_usd, offer.stars, offer.is_free) == (Decimal("0.024"), 0, False)


async def test_nothing_is_offered_without_a_photo_or_an_edit_model(desk: Desk) -> None:
    assert await desk.service().offer(STRANGER) is None
    desk.editors = ()
    assert not desk.service().is_offered
    assert await desk.service().offer(USER) is None
    with pytest.raises(StaleButton):
        await desk.make(desk.photos[0])


async def test_a_picture_is_asked_for_of_the_photo_in_the_style(desk: Desk) -> None:
    made = await desk.make(desk.photos[1])
    assert (made.model_id, made.editor) == (None, FLUX_2_EDIT)
    assert made.source_file_id == desk.photos[1].file_id
    assert made.state is GenerationState.WORDING
    assert made.prompt.startswith(f"{OPENING} close portrait photo of a person")
    assert made.title == {"en": "Window light", "ru": "Свет из окна"}
    assert made.shape is PictureShape.PORTRAIT


async def test_pressed_twice_it_is_made_once_and_in_another_style_once_more(desk: Desk) -> None:
    photo, other = desk.photos[0], CATALOGUE.presets[1]
    first = await desk.make(photo)
    assert (await desk.make(photo)).id == first.id
    assert (await desk.make(photo, other.id)).id != first.id


async def test_the_other_models_are_named_and_can_be_chosen(desk: Desk) -> None:
    desk.editors = (FLUX_2_EDIT, NANO_BANANA_EDIT)
    offer = await desk.service().offer(USER)
    assert offer is not None
    assert (offer.model, offer.others) == ("flux-2", ["nano-banana"])
    offer = await desk.service().offer(USER, offer.photo_id, "nano-banana")
    assert offer is not None
    assert (offer.model, offer.price_usd) == ("nano-banana", Decimal("0.044"))
    assert (await desk.make(desk.photos[0], model="nano-banana")).editor == NANO_BANANA_EDIT
    # One that the operator has taken off is not there any more; the first one is.
    desk.editors = (FLUX_2_EDIT,)
    assert (await desk.make(desk.photos[1], model="nano-banana")).editor == FLUX_2_EDIT


async def test_photos_of_others_and_of_no_draft_are_not_found(desk: Desk) -> None:
    with pytest.raises(DraftPhotoGone):
        await desk.service().make(
            STRANGER, Place(STRANGER), desk.photos[0].id, (STYLE.id, ""), Press(new_press())
        )
    with pytest.raises(DraftPhotoGone):
        await desk.service().offer(USER, 10**9)


async def test_a_style_that_is_no_more_is_said_to_be_gone(desk: Desk) -> None:
    with pytest.raises(PresetGone):
        await desk.make(desk.photos[0], "no-such-style")


async def test_nothing_is_made_under_another_wording_of_the_consent(desk: Desk) -> None:
    async with desk.database.transaction() as tx:
        row = await tx._session.get_one(tables.PhotoSet, desk.photos[0].training_id)
        row.consent_version = "2025-01-01"
    with pytest.raises(ConsentChanged):
        await desk.make(desk.photos[0])


async def test_the_first_one_is_a_gift_and_the_next_is_paid(till: Desk) -> None:
    till.gives_first = True
    service = till.service()
    offer = await service.offer(USER)
    assert offer is not None
    assert (offer.is_free, offer.stars) == (True, 0)
    made = await till.make(till.photos[0])
    async with till.database.transaction() as tx:
        order = await tx.orders.get(made.id)
        assert await tx.invariants.broken() == {}
    assert order is not None
    assert order.state is OrderState.HELD
    offer = await service.offer(USER)
    assert offer is not None
    assert (offer.is_free, offer.stars) == (False, PRICE)
    with pytest.raises(CreditsMissing):
        await till.make(till.photos[0], CATALOGUE.presets[1].id)


async def test_a_gift_that_came_to_nothing_can_be_spent_again(till: Desk) -> None:
    till.gives_first = True
    made = await till.make(till.photos[0])
    async with till.database.transaction() as tx:
        await Credits().release(tx, made.id, "failed")
        wallet = await tx.wallets.find(USER)
        assert await tx.invariants.broken() == {}
    assert wallet is not None
    assert wallet.available == PRICE


async def test_where_the_operator_gives_none_the_first_is_paid_too(till: Desk) -> None:
    with pytest.raises(CreditsMissing):
        await till.make(till.photos[0])
    await pay_in(till.database, USER)
    await till.make(till.photos[0])
    async with till.database.transaction() as tx:
        wallet = await tx.wallets.find(USER)
    assert wallet is not None
    assert wallet.held == PRICE
