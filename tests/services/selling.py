"""The services that sell something, at prices that are easy to tell."""

from decimal import Decimal

from db.database import Database
from services.enlarging.service import EnlargingService
from services.fal.enlargers import SEEDVR
from services.generation.ordering import Ordering
from services.generation.service import GenerationService
from services.money.prices import PriceList
from services.money.sales import Sales
from services.money.star_prices import StarPrices, StarRates, Tariff
from services.paying.gifting import Gifting
from services.paying.orders import WaitingOrders
from services.rules import TrainingRules
from services.training.draft_photos import DraftPhotos
from services.training.drafts import DraftService
from services.training.offers import TrainingOffers
from services.training.service import TrainingService
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.kit import FAST, FLUX, wide_ledger

PRICES = PriceList(ScriptedFal(), Decimal(2), Decimal("0.035"))
TARIFF = Tariff(
    training={FAST: {"economy": 60}},
    pictures={FLUX: {"standard": 5}},
    enlarging={SEEDVR: {"standard": 7}},
)
SALES = Sales(StarPrices(PRICES, StarRates(), TARIFF, 1))
DEARER = Sales(
    StarPrices(
        PRICES,
        StarRates(),
        Tariff(
            training={FAST: {"economy": 61}},
            pictures={FLUX: {"standard": 6}},
            enlarging={SEEDVR: {"standard": 8}},
        ),
        1,
    )
)
"""Each thing costs a Star more than in `SALES`."""


def generations(database: Database, sales: Sales = SALES) -> GenerationService:
    ordering = Ordering(PRICES, wide_ledger(), sales=sales)
    return GenerationService(database, ordering, lambda _: None)


def enlarging(database: Database, sales: Sales = SALES) -> EnlargingService:
    return EnlargingService(database, PRICES, wide_ledger(), lambda _: None, SEEDVR, sales)


def drafts(database: Database, sales: Sales = SALES) -> DraftService:
    rules = TrainingRules()
    photos = DraftPhotos(database, rules.min_photos, rules.max_photos, lambda _: None)
    offers = TrainingOffers(rules, PRICES)
    return DraftService(
        database, rules, offers, photos, lambda _: None, wide_ledger(), sales=sales
    )


def trainings(database: Database, sales: Sales = SALES) -> TrainingService:
    return TrainingService(database, PRICES, lambda _: None, wide_ledger(), sales=sales)


def orders(database: Database, sales: Sales = SALES) -> WaitingOrders:
    return WaitingOrders(
        generations(database, sales),
        enlarging(database, sales),
        drafts(database, sales),
        trainings(database, sales),
        Gifting(database),
    )
