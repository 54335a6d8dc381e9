"""What `python -m bot check` says of the prices in Stars, and of what each of them brings."""

from collections.abc import Iterator

from bot.settings import Settings
from services.fal.client import FalClient
from services.money.prices import PriceList
from services.money.star_prices import PriceRow, StarPrices, StarRates, load_tariff
from services.paying.packs import read_packs, worst_rate
from services.training.modes import modes_of

Told = tuple[bool, str]
"""Whether it needs no second thought, and the words."""


def star_prices(settings: Settings, prices: PriceList) -> StarPrices:
    """Return what things cost in Stars by the settings, with fal's prices as they are known."""
    sold = read_packs(settings.star_packs) + ((settings.monthly,) if settings.monthly else ())
    rates = StarRates(settings.star_usd, settings.margin, worst_rate(sold))
    return StarPrices(prices, rates, load_tariff(settings.prices_file), settings.preview_images)


async def told_prices(settings: Settings) -> Iterator[Told]:
    """Return a line for each price, by fal's list where it answers, or by the known prices."""
    async with FalClient(settings.fal_key.get_secret_value(), settings.fal_api_url) as fal:
        prices = PriceList(fal, settings.training_price_usd, settings.image_price_usd)
        await prices.refresh()
    return map(_line, price_rows(settings, prices))


def price_rows(settings: Settings, prices: PriceList) -> Iterator[PriceRow]:
    """Return what is on offer with its price and what that brings, as fal's prices are now."""
    trainers = settings.offered_trainers
    steps = {
        trainer: {mode: one.steps for mode, one in modes_of(trainer).items()}
        for trainer in trainers
    }
    return star_prices(settings, prices).table(
        trainers, steps, settings.enlarger, settings.editors
    )


def _line(row: PriceRow) -> Told:
    source = "PRICES_FILE" if row.is_set else "computed"
    words = (
        f"price: {row.name}: {row.stars} Stars ({source}), costs ${row.cost_usd:.3f} at fal,"
        f" brings ${row.income_usd:.3f}, {row.margin:.2f} times the cost"
    )
    return row.income_usd >= row.cost_usd, words
