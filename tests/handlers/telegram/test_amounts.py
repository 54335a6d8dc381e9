"""How amounts and decimals are written."""

from decimal import Decimal

import pytest

from tests.handlers.samples import EN, RU


@pytest.mark.parametrize(
    ("amount", "in_english", "in_russian"),
    [
        ("2", "$2.00", "2,00 $"),
        ("2.4", "$2.40", "2,40 $"),
        ("0.035", "$0.035", "0,035 $"),
        ("0.03500", "$0.035", "0,035 $"),
        ("0", "$0.00", "0,00 $"),
        ("1234.5", "$1234.50", "1234,50 $"),
        ("0.0085", "$0.0085", "0,0085 $"),
    ],
)
def test_an_amount_of_dollars(amount: str, in_english: str, in_russian: str) -> None:
    assert EN.usd(Decimal(amount)) == in_english
    assert RU.usd(Decimal(amount)).replace("\N{NO-BREAK SPACE}", " ") == in_russian


def test_a_decimal_has_the_mark_of_the_language() -> None:
    assert (EN.decimal(1.2), RU.decimal(1.2)) == ("1.2", "1,2")
