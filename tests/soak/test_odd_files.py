"""The odd files of a soak are what it says of them."""

import random
from collections.abc import Callable

import pytest

from services.photos.check import check_photo
from services.photos.refusal import PhotoRefused
from tests.soak.odd_files import KINDS

Make = Callable[[random.Random], bytes]


@pytest.mark.parametrize(
    ("make", "verdict"), KINDS, ids=lambda each: getattr(each, "__name__", "")
)
def test_each_is_unlike_every_one_before_and_has_its_verdict(make: Make, verdict: str) -> None:
    dice = random.Random(1)  # noqa: S311  # pictures, no secrets
    files = {make(dice) for _ in range(20)}
    # The same bytes once more would be a repeat, which has no row of its own.
    assert len(files) == 20
    for data in files:
        try:
            check_photo(data)
            found = "accepted"
        except PhotoRefused as refused:
            found = refused.reason.value
        assert found == verdict
