"""What things cost: fal's list first, the operator's settings where it is silent."""

from decimal import Decimal

import pytest

from sandbox.server import RunningSandbox
from services.domain.vocabulary import PictureShape, PictureSize
from services.fal.client import FalClient
from services.fal.editors import FLUX_2_EDIT
from services.fal.endpoints import GENERATORS
from services.fal.enlargers import SEEDVR
from services.money.prices import REFRESH_S, RETRY_S, PriceList
from tests.services.fal.local_fal import LocalFal
from tests.services.fal.raw_server import http, raw_server
from tests.services.kit import FAST, FLUX, FLUX_2, PORTRAIT, QWEN, Z_IMAGE

KEY = "key-id:key-secret"
SETTINGS = (Decimal("2.00"), Decimal("0.035"))


def listing(endpoint: str, unit_price: str, unit: str, currency: str = "USD") -> bytes:
    return (
        f'{{"prices":[{{"endpoint_id":"{endpoint}","unit_price":{unit_price},'
        f'"unit":"{unit}","currency":"{currency}"}}]}}'
    ).encode()


async def priced(body: bytes, status: int = 200) -> tuple[PriceList, float]:
    async with raw_server(http(status, body)) as server, FalClient(KEY, server.url) as fal:
        prices = PriceList(fal, *SETTINGS)
        return prices, await prices.refresh()


def test_without_fals_list_the_settings_are_in_force() -> None:
    prices = PriceList(FalClient(KEY), *SETTINGS)
    assert prices.training_usd(FAST, 1000) == Decimal("2.00")
    assert prices.training_usd(FAST, 500) == Decimal("1.00")
    assert prices.training_usd(PORTRAIT, 1000) == Decimal("2.40")
    assert prices.image_usd(FLUX) == Decimal("0.035")


def test_the_settings_are_about_the_default_endpoints_only() -> None:
    prices = PriceList(FalClient(KEY), Decimal(7), Decimal(7))
    assert prices.training_usd(FAST, 1000) == 7
    assert prices.image_usd(FLUX) == 7
    assert [prices.training_usd(trainer, 1000) for trainer in (Z_IMAGE, FLUX_2, QWEN)] == [
        Decimal("0.85"),
        Decimal("6.40"),
        Decimal("1.50"),
    ]
    assert prices.image_usd("fal-ai/z-image/turbo/lora") == Decimal("0.0085")


@pytest.mark.parametrize("generator", list(GENERATORS))
@pytest.mark.parametrize("shape", list(PictureShape))
def test_no_shape_costs_more_than_one_megapixel(generator: str, shape: PictureShape) -> None:
    prices = PriceList(FalClient(KEY), *SETTINGS)
    assert prices.image_usd(generator, shape) == prices.image_usd(generator)


@pytest.mark.parametrize(
    ("shape", "megapixels"),
    [
        (PictureShape.SQUARE, 3),
        (PictureShape.PORTRAIT, 2),
        (PictureShape.TALL, 2),
        (PictureShape.LANDSCAPE, 2),
        (PictureShape.WIDE, 2),
    ],
)
def test_an_hd_picture_is_paid_by_whole_megapixels(shape: PictureShape, megapixels: int) -> None:
    prices = PriceList(FalClient(KEY), *SETTINGS)
    assert prices.image_usd(FLUX, shape, PictureSize.HD) == Decimal("0.035") * megapixels


@pytest.mark.parametrize(
    ("unit_price", "unit", "wanted"),
    [
        ("0.003", "step", "1.5"),
        ("0.003", "steps", "1.5"),
        ("0.003", "Steps", "1.5"),
        ("3", "1000 steps", "1.5"),
        ("3", "1k steps", "1.5"),
        ("3", "thousand steps", "1.5"),
        ("3", "fortnights", "1.00"),
        ("3", "", "1.00"),
        ("0", "steps", "0"),
    ],
)
async def test_a_price_of_training_in_any_unit(unit_price: str, unit: str, wanted: str) -> None:
    prices, _ = await priced(listing(FAST, unit_price, unit))
    assert prices.training_usd(FAST, 500) == Decimal(wanted)


@pytest.mark.parametrize(
    ("unit_price", "unit", "wanted"),
    [
        ("0.05", "megapixels", "0.05"),
        ("0.05", "megapixel", "0.05"),
        ("0.05", "MP", "0.05"),
        ("0.04", "images", "0.04"),
        ("0.04", "image", "0.04"),
        ("0.04", "gpu seconds", "0.035"),
    ],
)
async def test_a_price_of_a_picture_in_any_unit(unit_price: str, unit: str, wanted: str) -> None:
    prices, _ = await priced(listing(FLUX, unit_price, unit))
    assert prices.image_usd(FLUX) == Decimal(wanted)


@pytest.mark.parametrize(
    ("unit", "enlarged", "edited"),
    [
        ("megapixels", "0.28", "0.35"),
        ("images", "0.07", "0.07"),
        ("gpu seconds", "0.004", "0.060"),
    ],
)
async def test_a_price_of_a_changed_picture_in_any_unit(
    unit: str, enlarged: str, edited: str
) -> None:
    prices, _ = await priced(listing(SEEDVR, "0.07", unit))
    assert prices.enlarged_usd(SEEDVR, 1000, 1000) == Decimal(enlarged)
    prices, _ = await priced(listing(FLUX_2_EDIT, "0.07", unit))
    hd_square = prices.edited_usd(FLUX_2_EDIT, PictureShape.SQUARE, PictureSize.HD)
    assert hd_square == Decimal(edited)


@pytest.mark.parametrize(("trainer", "known"), [(FAST, "2.00"), (PORTRAIT, "2.40")])
async def test_a_step_that_is_ten_steps_is_not_believed(trainer: str, known: str) -> None:
    prices, _ = await priced(listing(trainer, "0.02", "steps"))
    assert prices.training_usd(trainer, 1000) == Decimal(known)


async def test_a_price_in_another_currency_changes_nothing() -> None:
    prices, delay_s = await priced(listing(FAST, "9", "steps", "EUR"))
    assert (prices.training_usd(FAST, 1000), delay_s) == (Decimal("2.00"), REFRESH_S)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 503])
async def test_a_list_that_does_not_answer_is_tried_again_sooner(status: int) -> None:
    prices, delay_s = await priced(b"{}", status)
    assert (prices.training_usd(FAST, 1000), delay_s) == (Decimal("2.00"), RETRY_S)


async def test_prices_once_read_outlive_a_list_that_fails(
    sandbox: RunningSandbox, local_fal: LocalFal
) -> None:
    async with FalClient(sandbox.config.fal_key, sandbox.fal_url) as fal:
        prices = PriceList(fal, Decimal(7), Decimal(7))
        assert await prices.refresh() == REFRESH_S
        local_fal.fault("pricing", kind="status", status=500, times=0)
        assert await prices.refresh() == RETRY_S
    assert prices.training_usd(FAST, 500) == Decimal("1.00")
    assert prices.training_usd(PORTRAIT, 1000) == Decimal("2.40")
    assert prices.image_usd(FLUX) == Decimal("0.035")
