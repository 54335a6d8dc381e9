"""What is offered and quoted: the same for every front."""

from dataclasses import replace
from decimal import Decimal

import pytest

from services.domain.vocabulary import QualityMode
from services.errors import StaleButton
from services.fal.client import FalClient
from services.money.prices import PriceList
from services.rules import TrainingRules
from services.training.offers import Quote, TrainingOffers
from tests.services.kit import FAST, FLUX_2, Z_IMAGE
from tests.values import a_draft

PRICES = PriceList(FalClient("a:b"), Decimal("2.00"), Decimal("0.035"))
RULES = TrainingRules(trainers=(Z_IMAGE, FAST), preview_images=2)
OFFERS = TrainingOffers(RULES, PRICES)


def test_trainers_are_offered_in_the_operators_order_with_their_modes_and_prices() -> None:
    first, second = OFFERS.all()
    assert (first.trainer, second.trainer) == (Z_IMAGE, FAST)
    assert [(one.mode, one.steps, one.usd, one.usual_minutes) for one in second.modes] == [
        (QualityMode.ECONOMY, 500, Decimal("1.00"), (2, 5)),
        (QualityMode.STANDARD, 1000, Decimal("2.00"), (3, 8)),
    ]
    assert (second.least_usd, second.picture_usd) == (Decimal("1.00"), Decimal("0.035"))
    assert second.mode(QualityMode.STANDARD).usd == Decimal("2.00")


def test_a_trainer_that_is_offered_no_more_still_has_a_price() -> None:
    assert FLUX_2 not in RULES.trainers
    assert OFFERS.of(FLUX_2).nickname == "flux-2"


@pytest.mark.parametrize(
    ("wants_pictures", "pictures", "total"), [(True, 2, "1.57"), (False, 0, "1.50")]
)
def test_a_quote_is_the_price_promised_and_the_first_pictures(
    *, wants_pictures: bool, pictures: int, total: str
) -> None:
    draft = a_draft(price_usd=Decimal("1.50"))
    quote = OFFERS.quote(draft, wants_pictures=wants_pictures)
    assert quote == Quote(Decimal("1.50"), Decimal("0.035"), pictures)
    assert quote.total_usd == Decimal(total)


def test_a_draft_without_a_price_is_quoted_at_todays() -> None:
    quote = OFFERS.quote(a_draft(price_usd=None), wants_pictures=False)
    assert quote.training_usd == Decimal("2.00")


def test_a_draft_without_a_mode_has_no_quote() -> None:
    with pytest.raises(StaleButton):
        OFFERS.quote(replace(a_draft(), mode=None, steps=None), wants_pictures=True)
