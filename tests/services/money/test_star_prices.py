"""Prices in Stars: the operator's, or computed so that nothing is sold below its cost."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.vocabulary import PictureShape, PictureSize, QualityMode
from services.fal.editors import FLUX_2_EDIT, NANO_BANANA_EDIT
from services.fal.enlargers import CRYSTAL, SEEDVR
from services.money.prices import PriceList
from services.money.star_prices import StarPrices, StarRates, load_tariff
from services.operator_file import BadFile
from services.training.modes import modes_of
from tests.services.jobs.scripted_fal import ScriptedFal
from tests.services.kit import FAST, FLUX

ECONOMY, STANDARD = QualityMode.ECONOMY, QualityMode.STANDARD
GOOD = """
[training."fal-ai/flux-lora-fast-training"]
economy = 99

[pictures."fal-ai/flux-lora"]
standard = 4

[enlarging."fal-ai/seedvr/upscale/image"]
hd = 3

[editing."google/nano-banana-2.1/edit"]
hd = 9
"""


@pytest.fixture
def prices() -> PriceList:
    return PriceList(ScriptedFal(), Decimal("2.00"), Decimal("0.035"))


def star_prices(prices: PriceList, path: str = "", first_pictures: int = 1) -> StarPrices:
    return StarPrices(prices, StarRates(), load_tariff(path), first_pictures)


@pytest.mark.parametrize("name", ["README.md", "README.ru.md"])
def test_the_example_of_the_readme_is_taken(name: str, tmp_path: Path) -> None:
    readme = (Path(__file__).parents[3] / name).read_text("utf-8")
    examples = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    [example] = [each for each in examples if "[training." in each]
    path = tmp_path / "prices.toml"
    path.write_text(example, encoding="utf-8")
    assert load_tariff(str(path)) != load_tariff("")


def test_a_price_is_the_cost_times_the_margin_in_whole_stars(prices: PriceList) -> None:
    stars = star_prices(prices)
    # (2.00 + 0.035) * 1.5 / 0.013 = 234.8
    assert stars.training(FAST, STANDARD, 1000) == 235
    # 0.035 * 1.5 / 0.013 = 4.04
    assert stars.picture(FLUX) == 5
    assert stars.picture(FLUX, PictureShape.SQUARE, PictureSize.HD) == 13
    assert star_prices(prices, first_pictures=0).training(FAST, STANDARD, 1000) == 231


def test_the_operators_price_goes_first(prices: PriceList, tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(GOOD)
    stars = star_prices(prices, str(path))
    assert stars.training(FAST, ECONOMY, 500) == 99
    assert stars.training(FAST, STANDARD, 1000) == 235
    assert [stars.picture(FLUX, size=size) for size in PictureSize] == [4, 9]
    enlarged = [stars.enlarged(SEEDVR, FLUX, PictureShape.PORTRAIT, size) for size in PictureSize]
    assert enlarged == [1, 3]
    edited = [
        [stars.edited(editor, PictureShape.PORTRAIT, size) for size in PictureSize]
        for editor in (NANO_BANANA_EDIT, FLUX_2_EDIT)
    ]
    assert edited == [[6, 9], [3, 6]]


@given(usd=st.decimals(0, 1000, places=4), margin=st.decimals(1, 10, places=2))
def test_nothing_computed_is_sold_below_its_cost(usd: Decimal, margin: Decimal) -> None:
    rates = StarRates(margin=margin)
    stars = rates.stars(usd)
    assert stars >= 1
    assert stars * rates.star_usd >= usd
    assert (stars - 1) * rates.star_usd < max(usd * margin, rates.star_usd)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("economy = 99", "economy = 0", "line 3: training.fal-ai/flux-lora-fast-training.economy"),
        ("economy = 99", "economy = 9.5", "line 3: "),
        ("economy = 99", 'economy = "99 Stars"', "line 3: "),
        ("economy = 99", "luxury = 99", "line 3: "),
        ("fast-training", "no-training", "line 2: training: fal-ai/flux-lora-no-training is none"),
        ("[pictures", "[picture", "line 5: picture: is not known here"),
        ("standard = 4", "standard = 4 Stars", "line 6: "),
        ("seedvr", "seedvs", "line 8: enlarging: fal-ai/seedvs/upscale/image is none"),
        ("hd = 3", "hd = 0", "line 9: "),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(BadFile) as bad:
        load_tariff(str(path))
    assert f"{path}, {words}" in str(bad.value)
    assert "\n" not in str(bad.value)


def test_the_table_has_a_row_for_each_thing_on_offer(prices: PriceList) -> None:
    steps = {FAST: {mode: one.steps for mode, one in modes_of(FAST).items()}}
    rows = list(star_prices(prices).table([FAST], steps, CRYSTAL))
    assert [row.name for row in rows] == [
        "training fast, economy",
        "training fast, standard",
        "picture flux-lora, standard, 1:1",
        "enlarging flux-lora, standard, 1:1",
        "picture flux-lora, hd, 1:1",
        "enlarging flux-lora, hd, 1:1",
    ]
    without = [row.name for row in star_prices(prices).table([FAST], steps)]
    assert without == [row.name for row in rows if "enlarging" not in row.name]
    assert all(row.margin >= Decimal("1.5") for row in rows)
    assert not any(row.is_set for row in rows)


def test_the_table_says_what_each_thing_costs_and_brings(
    prices: PriceList, tmp_path: Path
) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(GOOD)
    rates = StarRates(credit_stars=Decimal("0.8"))
    stars = StarPrices(prices, rates, load_tariff(str(path)), 1)
    steps = {FAST: {mode: one.steps for mode, one in modes_of(FAST).items()}}
    editors = [NANO_BANANA_EDIT, FLUX_2_EDIT, NANO_BANANA_EDIT]
    rows = [
        (row.name, row.stars, str(row.cost_usd), str(row.income_usd), row.is_set)
        for row in stars.table([FAST], steps, SEEDVR, editors)
    ]
    # What it brings is 0.013 USD a Star, of which a credit brings 0.8.
    assert rows == [
        ("training fast, economy", 99, "1.035", "1.0296", True),
        ("training fast, standard", 235, "2.035", "2.4440", False),
        ("picture flux-lora, standard, 1:1", 4, "0.035", "0.0416", True),
        ("enlarging flux-lora, standard, 1:1", 1, "0.004", "0.0104", False),
        ("picture flux-lora, hd, 1:1", 13, "0.105", "0.1352", False),
        ("enlarging flux-lora, hd, 1:1", 3, "0.009", "0.0312", True),
        ("change google/nano-banana-2.1/edit, standard", 6, "0.044", "0.0624", False),
        ("change google/nano-banana-2.1/edit, hd", 9, "0.044", "0.0936", True),
        ("change flux-2/edit, standard", 3, "0.024", "0.0312", False),
        ("change flux-2/edit, hd", 7, "0.060", "0.0728", False),
    ]
