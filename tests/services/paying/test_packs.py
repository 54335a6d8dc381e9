"""Packs and the subscription, as an operator writes them."""

from decimal import Decimal

import pytest

from services.domain.subscriptions import MOST_STARS
from services.paying.packs import Pack, read_packs, read_subscription, worst_rate

PACKS_LIKE = "not a list of packs; write Stars and a bonus like 100, 250+15, 500+50"
ONCE = "name at least one pack, and each price once"
MONTHLY_LIKE = "not a subscription; write the Stars of a month and its credits like 250:300"
TOO_LITTLE = "a month must bring at least as many credits as it costs Stars"


@pytest.mark.parametrize(
    ("words", "packs"),
    [
        ("100", [Pack(100)]),
        ("100, 250+15, 500+50", [Pack(100), Pack(250, 15), Pack(500, 50)]),
        (" 500+50 100,250+0 ", [Pack(100), Pack(250), Pack(500, 50)]),
        ("999999+99999", [Pack(999_999, 99_999)]),
    ],
)
def test_packs_are_listed_by_price(words: str, packs: list[Pack]) -> None:
    assert read_packs(words) == tuple(packs)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("ten", PACKS_LIKE),
        ("100, 0", PACKS_LIKE),
        ("100-5", PACKS_LIKE),
        ("100+", PACKS_LIKE),
        ("1000000", PACKS_LIKE),
        ("100.5", PACKS_LIKE),
        ("", ONCE),
        (" , ", ONCE),
        ("100, 100+5", ONCE),
    ],
)
def test_what_lists_no_packs_is_refused_with_what_to_write(words: str, says: str) -> None:
    with pytest.raises(ValueError, match="pack") as wrong:
        read_packs(words)
    assert str(wrong.value) == says


def test_a_credit_of_the_largest_bonus_brings_least() -> None:
    assert worst_rate([Pack(100)]) == 1
    assert worst_rate([Pack(100), Pack(400, 100), Pack(500, 50)]) == Decimal("0.8")


@pytest.mark.parametrize(
    ("words", "monthly"),
    [
        ("", None),
        ("  ", None),
        ("250:300", Pack(250, 50)),
        (" 250 : 250 ", Pack(250)),
        (f"{MOST_STARS}:{MOST_STARS}", Pack(MOST_STARS)),
    ],
)
def test_a_subscription_is_what_a_month_costs_and_brings(words: str, monthly: Pack | None) -> None:
    assert read_subscription(words) == monthly


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("250", MONTHLY_LIKE),
        ("0:100", MONTHLY_LIKE),
        ("250:300, 500:600", MONTHLY_LIKE),
        ("250+50", MONTHLY_LIKE),
        (f"{MOST_STARS + 1}:20000", f"Telegram takes at most {MOST_STARS} Stars a month"),
        ("250:249", TOO_LITTLE),
    ],
)
def test_what_is_no_subscription_is_refused_with_what_to_write(words: str, says: str) -> None:
    with pytest.raises(ValueError, match="month") as wrong:
        read_subscription(words)
    assert str(wrong.value) == says
